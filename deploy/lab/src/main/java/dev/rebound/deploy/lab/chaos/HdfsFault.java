package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.damage.Damage;
import dev.rebound.deploy.local.damage.HdfsDamage;
import java.util.List;
import java.util.SplittableRandom;

/** HDFS takes no writes for a while, though its processes run: checkpoints fail, and the job goes on. */
final class HdfsFault implements Fault {
    private static final String ROOT = "/rebound";
    private static final int LEAST_HOLD_MILLIS = 6_000;
    private static final int MOST_HOLD_MILLIS = 12_000;

    /** Why it takes no writes. */
    enum Cause {
        /** Safe mode. */
        READ_ONLY("hdfs-read-only", "the NameNode enters safe mode: checkpoints fail, the job goes on") {
            @Override
            Damage damage(LocalStack stack) {
                return new Damage(Damage.Kind.SAFE_MODE, stack.hdfsUri().toString());
            }

            @Override
            void begin(LocalStack stack) {
                HdfsDamage.enterSafeMode(stack);
            }
        },
        /** A space quota that is used up. */
        FULL("hdfs-full", "the space quota is used up: checkpoints fail, the job goes on") {
            @Override
            Damage damage(LocalStack stack) {
                return new Damage(Damage.Kind.QUOTA, ROOT);
            }

            @Override
            void begin(LocalStack stack) {
                HdfsDamage.setQuota(stack, ROOT);
            }
        };

        private final String faultName;
        private final String description;

        Cause(String faultName, String description) {
            this.faultName = faultName;
            this.description = description;
        }

        abstract Damage damage(LocalStack stack);

        abstract void begin(LocalStack stack);
    }

    private final Cause cause;

    HdfsFault(Cause cause) {
        this.cause = cause;
    }

    @Override
    public String name() {
        return cause.faultName;
    }

    @Override
    public String description() {
        return cause.description;
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        target.willDamage(List.of(cause.damage(target.stack())));
        long struckMillis = System.currentTimeMillis();
        cause.begin(target.stack());
        return struckMillis;
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return random.nextInt(LEAST_HOLD_MILLIS, MOST_HOLD_MILLIS);
    }
}
