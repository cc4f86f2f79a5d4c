package dev.rebound.deploy.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;

class RecordOriginTest {
    private static final String HEADER = "origin";

    private static SourceRecord record() {
        return new SourceRecord(Map.of(), Map.of(), "topic", 0, Schema.BYTES_SCHEMA, new byte[] {1});
    }

    private static RecordOrigin from(String source, String target) {
        RecordOrigin transform = new RecordOrigin();
        transform.configure(Map.of("header", HEADER, "source", source, "target", target));
        return transform;
    }

    private static String origin(SourceRecord record) {
        Header header = record.headers().lastWithName(HEADER);
        return new String((byte[]) header.value(), StandardCharsets.UTF_8);
    }

    @Test
    void aRecordNamesTheSiteWhereItWasWrittenFirst() {
        SourceRecord onB = from("a", "b").apply(record());
        SourceRecord onC = from("b", "c").apply(onB);

        assertThat(origin(onC)).isEqualTo("a");
        assertThat(onC.headers()).hasSize(1);
    }

    @Test
    void noneComesBack() {
        SourceRecord onB = from("a", "b").apply(record());

        assertThat(from("b", "a").apply(onB)).isNull();
        assertThat(from("b", "a").apply(record())).isNotNull();
    }

    @Test
    void aHeaderOfOthersIsNotTakenForASite() {
        SourceRecord record = record();
        record.headers().addString(HEADER, "a");

        assertThat(from("b", "a").apply(record)).isNotNull();
    }

    @Test
    void withoutASiteItIsRefused() {
        assertThatThrownBy(() -> new RecordOrigin().configure(Map.of("header", HEADER, "source", "a")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("target");
    }

    @Test
    void mirrorMakerFindsIt() {
        assertThat(ServiceLoader.load(Transformation.class)).hasAtLeastOneElementOfType(RecordOrigin.class);
    }
}
