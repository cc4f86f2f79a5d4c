package dev.rebound.deploy.local.damage;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.site.CommandFailedException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Nobody may write to a topic. */
public final class DeniedWrites {
    private final List<AclBinding> rules;

    private DeniedWrites(List<AclBinding> rules) {
        this.rules = rules;
    }

    public static DeniedWrites to(String topic) {
        // Where one thing is denied, nothing else is allowed by default.
        return new DeniedWrites(List.of(
                binding(topic, AclOperation.ALL, AclPermissionType.ALLOW),
                binding(topic, AclOperation.WRITE, AclPermissionType.DENY)));
    }

    private interface Action {
        KafkaFuture<?> on(Admin admin);
    }

    public void begin(LocalStack stack) {
        with(stack, admin -> admin.createAcls(rules).all());
    }

    void end(LocalStack stack) {
        stack.start("kafka", ProgressListener.SILENT);
        with(
                stack,
                admin -> admin.deleteAcls(
                                rules.stream().map(AclBinding::toFilter).toList())
                        .all());
    }

    private static AclBinding binding(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", operation, permission));
    }

    private static void with(LocalStack stack, Action action) {
        try (Admin admin = stack.kafka().admin()) {
            action.on(admin).get();
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Kafka at " + stack.kafka() + " refused to change who may write: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while changing who may write", e);
        }
    }
}
