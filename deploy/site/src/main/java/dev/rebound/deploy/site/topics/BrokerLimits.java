package dev.rebound.deploy.site.topics;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** What brokers allow their clients. */
public final class BrokerLimits {
    private static final String TRANSACTION_MAXIMUM = "transaction.max.timeout.ms";

    private BrokerLimits() {}

    /** The longest transaction timeout that every broker accepts. */
    public static Duration transactionMaximum(KafkaCluster kafka) {
        try (Admin admin = kafka.admin()) {
            List<ConfigResource> brokers = admin.describeCluster().nodes().get().stream()
                    .map(Node::idString)
                    .map(id -> new ConfigResource(ConfigResource.Type.BROKER, id))
                    .toList();
            long least = Long.MAX_VALUE;
            for (Config config : admin.describeConfigs(brokers).all().get().values()) {
                least = Math.min(
                        least, Long.parseLong(config.get(TRANSACTION_MAXIMUM).value()));
            }
            return Duration.ofMillis(least);
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Can't read " + TRANSACTION_MAXIMUM + " of the brokers at " + kafka + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while asking the brokers at " + kafka, e);
        }
    }
}
