package dev.rebound.deploy.site;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * The brokers of a site, and how clients speak to them. Printed, it tells the brokers and no secret.
 *
 * @param bootstrapServers HOST:PORT, separated by commas
 * @param properties any client property, such as those of TLS and SASL
 */
public record KafkaCluster(String bootstrapServers, Map<String, String> properties) {

    public KafkaCluster {
        properties = Map.copyOf(properties);
    }

    /** Brokers that ask for nothing. */
    public static KafkaCluster plain(String bootstrapServers) {
        return new KafkaCluster(bootstrapServers, Map.of());
    }

    /** The settings of a client: those of the site, and its own, which win. */
    public Map<String, Object> client(Map<String, ?> own) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.putAll(own);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return settings;
    }

    /**
     * A client for questions and changes, which the caller closes.
     *
     * @throws CommandFailedException if a property is wrong, such as a trust store that is not there
     */
    public Admin admin() {
        return admin(Map.of());
    }

    /** The same with settings of its own. */
    public Admin admin(Map<String, ?> own) {
        try {
            return Admin.create(client(own));
        } catch (KafkaException e) {
            throw new CommandFailedException(
                    "The Kafka client of " + bootstrapServers + " can't be made with the properties "
                            + new TreeMap<>(properties).keySet() + ": " + InnermostCause.of(e),
                    e);
        }
    }

    @Override
    public String toString() {
        return bootstrapServers;
    }
}
