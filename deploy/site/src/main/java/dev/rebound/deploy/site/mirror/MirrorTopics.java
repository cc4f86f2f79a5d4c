package dev.rebound.deploy.site.mirror;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What a mirror keeps on the site that it copies to, by the name of the site that it copies from, and what it says of records. */
public final class MirrorTopics {
    /** Part of the keys of offsets and of transactional ids. */
    public static final String CONNECTOR = "MirrorSourceConnector";

    /**
     * Header of every copied record: name, in UTF-8, of the site where it was written first. A mirror leaves out those of the
     * site that it copies to.
     */
    public static final String ORIGIN = "rebound-origin";

    private MirrorTopics() {}

    /** Whether a record was first written on that site. One that names none was written where it is. */
    public static boolean isFrom(String site, ConsumerRecord<?, ?> record) {
        Header origin = record.headers().lastHeader(ORIGIN);
        return origin != null && new String(origin.value(), StandardCharsets.UTF_8).equals(site);
    }

    /** Up to which offset of the source each partition is copied; written in the transactions that copy. */
    public static String offsets(String source) {
        return "mm2-offsets." + source + ".internal";
    }

    /** Which offset of the source became which one here. */
    public static String offsetSyncs(String source) {
        return "mm2-offset-syncs." + source + ".internal";
    }

    static String status(String source) {
        return "mm2-status." + source + ".internal";
    }

    static String configs(String source) {
        return "mm2-configs." + source + ".internal";
    }

    static String group(String source) {
        return source + "-mm2";
    }

    /** What the ids of the transactions that copy begin with. */
    public static String transactionalIds(String source) {
        return group(source) + "-" + CONNECTOR + "-";
    }
}
