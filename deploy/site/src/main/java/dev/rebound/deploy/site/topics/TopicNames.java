package dev.rebound.deploy.site.topics;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Which topics a broker has. */
public final class TopicNames {
    private TopicNames() {}

    public static boolean exist(KafkaCluster kafka, String topic) {
        try (Admin admin = kafka.admin()) {
            return admin.listTopics().names().get().contains(topic);
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't list the topics on " + kafka + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while listing the topics on " + kafka, e);
        }
    }
}
