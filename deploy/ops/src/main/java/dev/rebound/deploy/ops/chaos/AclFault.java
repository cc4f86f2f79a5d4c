package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.schemas.Topic;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The right to write to an output is taken from the job for a while. Flink must say which; the job must come back by itself. */
final class AclFault implements Fault {
    private static final List<Topic> OUTPUTS =
            List.of(Topic.RECOMMENDATIONS, Topic.RECOMMENDATION_RESPONSES, Topic.USER_PROFILES);
    private static final int HOLD_MILLIS = 5_000;

    private List<AclBinding> set = List.of();
    private OptionalLong toldMillis = OptionalLong.empty();

    private interface Action {
        KafkaFuture<?> on(Admin admin);
    }

    @Override
    public String name() {
        return "acl-revoked";
    }

    @Override
    public String description() {
        return "the right to write to an output is taken away: the job's failure names the topic, and it goes on when the"
                + " right is back";
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        toldMillis = OptionalLong.empty();
        String topic = OUTPUTS.get(random.nextInt(OUTPUTS.size())).topicName(target.topicPrefix());
        // Where one thing is denied, nothing else is allowed by default.
        set = List.of(
                binding(topic, AclOperation.ALL, AclPermissionType.ALLOW),
                binding(topic, AclOperation.WRITE, AclPermissionType.DENY));
        long struckMillis = System.currentTimeMillis();
        with(target, admin -> admin.createAcls(set).all());
        Target.await("the job fails", () -> failsBecauseOf(target, topic));
        toldMillis = OptionalLong.of(System.currentTimeMillis());
        return struckMillis;
    }

    private static boolean failsBecauseOf(Target target, String topic) {
        return !target.rest().job(target.jobId()).allRunning()
                && target.rest()
                        .latestFailure(target.jobId())
                        .filter(trace -> trace.contains("Authorization") && trace.contains(topic))
                        .isPresent();
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return HOLD_MILLIS;
    }

    @Override
    public void heal(Target target) {
        with(
                target,
                admin -> admin.deleteAcls(set.stream().map(AclBinding::toFilter).toList())
                        .all());
    }

    @Override
    public OptionalLong toldMillis() {
        return toldMillis;
    }

    private static AclBinding binding(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", operation, permission));
    }

    private void with(Target target, Action action) {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, target.stack().bootstrapServers()))) {
            action.on(admin).get();
        } catch (ExecutionException e) {
            throw new CommandFailedException("Kafka refused to change the rights of the job: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while changing the rights of the job", e);
        }
    }
}
