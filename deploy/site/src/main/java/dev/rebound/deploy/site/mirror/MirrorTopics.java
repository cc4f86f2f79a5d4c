package dev.rebound.deploy.site.mirror;

/** What a mirror keeps on the site that it copies to, by the name of the site that it copies from. */
public final class MirrorTopics {
    /** Part of the keys of offsets and of transactional ids. */
    public static final String CONNECTOR = "MirrorSourceConnector";

    private MirrorTopics() {}

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
