package dev.rebound.deploy.ops.health;

import java.util.Locale;

/** What can be ill. */
enum Component {
    HOST,
    KAFKA,
    HDFS,
    FLINK,
    MODEL;

    /** As alerts and metrics name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
