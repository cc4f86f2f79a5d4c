package dev.rebound.deploy.ops.topics;

import dev.rebound.deploy.ops.console.CommandFailedException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Which topics a broker has. */
public final class TopicNames {
    private TopicNames() {}

    public static boolean exist(String bootstrapServers, String topic) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            return admin.listTopics().names().get().contains(topic);
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't list the topics on " + bootstrapServers + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while listing the topics on " + bootstrapServers, e);
        }
    }
}
