package dev.rebound.deploy.site;

import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

/**
 * Of a cluster's settings, those that a job takes from whoever submits it: checkpoints, state, restarts, parallelism. A
 * client without them would submit a job that takes no checkpoint, and so never commits an output, without a complaint.
 */
final class JobSettings {
    private static final List<String> PREFIXES =
            List.of("execution.", "state.", "restart-strategy.", "pipeline.", "parallelism.", "classloader.");

    private JobSettings() {}

    static Configuration of(Map<String, String> cluster) {
        Configuration settings = new Configuration();
        cluster.forEach((key, value) -> {
            if (PREFIXES.stream().anyMatch(key::startsWith) && !GlobalConfiguration.HIDDEN_CONTENT.equals(value)) {
                settings.setString(key, value);
            }
        });
        return settings;
    }
}
