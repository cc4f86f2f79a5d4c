package dev.rebound.deploy.site;

/**
 * How a site's topics are named and made.
 *
 * @param prefix before every topic's name
 * @param partitions of a topic that is made; at least the parallelism of the job that is to use it
 * @param replication of a topic that is made; -1 for the brokers' default
 */
public record TopicSettings(String prefix, int partitions, short replication) {

    /** Enough for a first job at parallelism 2, and room to double it. */
    public static final int DEFAULT_PARTITIONS = 4;

    public static final short BROKERS_DEFAULT = -1;

    /** On a cluster of one broker. */
    public static TopicSettings ofOneBroker(String prefix) {
        return new TopicSettings(prefix, DEFAULT_PARTITIONS, (short) 1);
    }

    /** The same with another prefix. */
    public TopicSettings withPrefix(String other) {
        return new TopicSettings(other, partitions, replication);
    }
}
