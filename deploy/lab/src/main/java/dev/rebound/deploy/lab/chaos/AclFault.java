package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.local.damage.Damage;
import dev.rebound.deploy.local.damage.DeniedWrites;
import dev.rebound.schemas.Topic;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** The right to write to an output is taken from the job for a while. Flink must say which; the job must come back by itself. */
final class AclFault implements Fault {
    private static final List<Topic> OUTPUTS =
            List.of(Topic.RECOMMENDATIONS, Topic.RECOMMENDATION_RESPONSES, Topic.USER_PROFILES);
    private static final int HOLD_MILLIS = 5_000;

    private OptionalLong toldMillis = OptionalLong.empty();

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
        target.willDamage(List.of(new Damage(Damage.Kind.DENIED_WRITES, topic)));
        long struckMillis = System.currentTimeMillis();
        DeniedWrites.to(topic).begin(target.stack());
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
    public OptionalLong toldMillis() {
        return toldMillis;
    }
}
