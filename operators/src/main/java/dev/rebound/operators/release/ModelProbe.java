package dev.rebound.operators.release;

import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Has a loaded model score made-up batches before it serves: each padded size twice, so that its first real batch
 * is no slower than the others, then full ones against the clock. Every row of its vocabulary has its turn, up to some ten thousand.
 */
final class ModelProbe {
    /** The first passes of a size let libtorch plan; they do not count. */
    private static final int WARM_UP_PASSES = 2;

    private static final int TIMED_PASSES = 20;
    /** One slow pass of them may be a pause of the JVM; more are the model. */
    private static final int FORGIVEN_PASSES = 1;

    private final RankingModel model;
    private final int maxUsers;
    private final FeatureBatch batch;
    private final float[] scores;
    private final LongSupplier nanos;
    private int nextRow = 1;

    /** @param nanos the clock by which passes are timed */
    ModelProbe(RankingModel model, int maxUsers, int candidates, LongSupplier nanos) {
        this.nanos = nanos;
        this.model = model;
        this.maxUsers = maxUsers;
        this.batch = new FeatureBatch(maxUsers, candidates);
        this.scores = new float[maxUsers * candidates];
    }

    /**
     * Warms the model up and times it.
     *
     * @throws PackageRefusedException if it fails on a batch, or full batches take longer than the limit
     */
    void require(Duration limit, String packageUri) throws PackageRefusedException {
        for (int users = 1; ; users = Math.min(users * 2, maxUsers)) {
            for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
                pass(users, packageUri);
            }
            if (users == maxUsers) {
                break;
            }
        }
        int slow = 0;
        for (int pass = 0; pass < TIMED_PASSES; pass++) {
            long taken = pass(maxUsers, packageUri);
            if (taken > limit.toNanos() && ++slow > FORGIVEN_PASSES) {
                throw new PackageRefusedException(
                        packageUri,
                        "a batch of " + maxUsers + " users takes it " + taken / 1_000_000 + " ms, the limit is "
                                + limit.toMillis() + " ms; make it smaller, or raise --model.max-batch-latency",
                        null);
            }
        }
    }

    private long pass(int users, String packageUri) throws PackageRefusedException {
        fill(users);
        long start = nanos.getAsLong();
        try {
            model.score(batch, users, scores);
        } catch (ModelFailedException e) {
            throw new PackageRefusedException(
                    packageUri,
                    "it fails on a batch of " + users + " users: " + e.getMessage() + "; mend the model",
                    e);
        }
        long taken = nanos.getAsLong() - start;
        // Half of the time is left to whoever scores on the same cores meanwhile.
        LockSupport.parkNanos(taken);
        return taken;
    }

    private void fill(int users) {
        DenseFeature[] features = DenseFeature.values();
        for (int user = 0; user < users; user++) {
            for (int n = 0; n < FeatureBatch.SEQUENCE_LENGTH; n++) {
                batch.setSequence(user, n, row());
            }
            for (int c = 0; c < batch.candidates(); c++) {
                batch.setCandidate(user, c, row());
                for (DenseFeature feature : features) {
                    batch.setDense(user, c, feature, ((nextRow + feature.ordinal()) % 8) / 8f);
                }
            }
        }
    }

    private int row() {
        nextRow = nextRow >= model.vocabulary().size() - 1 ? 0 : nextRow + 1;
        return nextRow;
    }
}
