package dev.rebound.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fails the build when a schema changed in a way that breaks old readers or old data. */
class SchemaCompatibilityTest {

    @ParameterizedTest
    @EnumSource(Topic.class)
    void theCurrentSchemaIsTheNewestReleasedOne(Topic topic) {
        List<Schema> versions = SchemaHistory.versions(schema(topic).getName());

        assertThat(versions).isNotEmpty();
        assertThat(SchemaNormalization.parsingFingerprint64(versions.get(versions.size() - 1)))
                .as(
                        "%s changed: save its full schema as history/%s/%d.avsc, and keep the older files",
                        schema(topic).getName(), schema(topic).getName(), versions.size() + 1)
                .isEqualTo(SchemaNormalization.parsingFingerprint64(schema(topic)));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void everyVersionReadsEveryOther(Topic topic) {
        List<Schema> versions = SchemaHistory.versions(schema(topic).getName());
        for (Schema version : versions) {
            assertReads(schema(topic), version);
            assertReads(version, schema(topic));
        }
    }

    private static void assertReads(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        assertThat(result.getType()).as(result.getDescription()).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    private static Schema schema(Topic topic) {
        return SpecificData.get().getSchema(topic.recordType());
    }
}
