package dev.rebound.deploy.mirror;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/**
 * Has each copied record name the site where it was written first, and leaves out those that were first written on the site
 * that is copied to: between two sites that mirror each other in turn, topics have the same names, and a record must not come
 * back.
 */
public final class RecordOrigin implements Transformation<SourceRecord> {
    private static final String HEADER = "header";
    private static final String SOURCE = "source";
    private static final String TARGET = "target";
    private static final ConfigDef CONFIG = new ConfigDef()
            .define(HEADER, ConfigDef.Type.STRING, Importance.HIGH, "Name of the header that names the site")
            .define(SOURCE, ConfigDef.Type.STRING, Importance.HIGH, "Name of the site that is copied from")
            .define(TARGET, ConfigDef.Type.STRING, Importance.HIGH, "Name of the site that is copied to");

    private String header = "";
    private String target = "";
    private byte[] source = {};

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public void configure(Map<String, ?> settings) {
        AbstractConfig config = new AbstractConfig(CONFIG, settings, false);
        header = config.getString(HEADER);
        target = config.getString(TARGET);
        source = config.getString(SOURCE).getBytes(StandardCharsets.UTF_8);
    }

    /** Null for a record that is left out. */
    @Override
    public @Nullable SourceRecord apply(SourceRecord record) {
        Header origin = record.headers().lastWithName(header);
        if (origin == null) {
            record.headers().addBytes(header, source);
            return record;
        }
        boolean fromTarget =
                origin.value() instanceof byte[] name && new String(name, StandardCharsets.UTF_8).equals(target);
        return fromTarget ? null : record;
    }

    @Override
    public void close() {}
}
