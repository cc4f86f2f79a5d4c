package dev.rebound.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The schemas that a record was ever written with, oldest first. They are shipped with the code, so that a reader never
 * takes a schema from a producer.
 */
public final class SchemaHistory {
    private SchemaHistory() {}

    /**
     * @param recordName simple name of the record, such as {@code BehaviourEvent}
     * @return the released versions, from {@code history/<record>/1.avsc} on without a gap; empty for an unknown record
     */
    public static List<Schema> versions(String recordName) {
        List<Schema> versions = new ArrayList<>();
        while (true) {
            String resource = "history/" + recordName + "/" + (versions.size() + 1) + ".avsc";
            try (InputStream in = SchemaHistory.class.getResourceAsStream(resource)) {
                if (in == null) {
                    return versions;
                }
                versions.add(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the schema " + resource, e);
            }
        }
    }
}
