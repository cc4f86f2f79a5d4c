package dev.rebound.deploy.control.health;

import java.util.Locale;

/** What can be ill. */
public enum Component {
    HOST,
    KAFKA,
    HDFS,
    ZOOKEEPER,
    FLINK,
    MODEL,
    INPUT,
    BACKUP;

    /** As alerts and metrics name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
