package dev.rebound.operators.training;

import static dev.rebound.operators.Signals.aTitledItem;
import static dev.rebound.operators.Signals.anEvent;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.schemas.EventType;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Users stay with items of one remainder modulo four: their sequences, and moments in which vectors tell that, more or less. */
public final class TastefulShop {
    static final int CANDIDATES = 8;
    private static final int ITEMS = 80;
    private static final int TASTES = 4;
    private static final long START = 1_700_000_000_000L;

    private TastefulShop() {}

    public static List<String> itemIds() {
        return IntStream.range(0, ITEMS).mapToObj(i -> "i" + i).toList();
    }

    public static TrainingSet moments(int count) {
        SplittableRandom random = new SplittableRandom(3);
        TrainingSet set = new TrainingSet(FeatureBatch.SEQUENCE_LENGTH, CANDIDATES, DenseFeature.WIDTH);
        for (int m = 0; m < count; m++) {
            int taste = random.nextInt(TASTES);
            long[] sequence = new long[FeatureBatch.SEQUENCE_LENGTH];
            for (int n = 0; n < 5; n++) {
                sequence[n] = item(random, taste);
            }
            long[] keys = new long[CANDIDATES];
            float[] dense = new float[CANDIDATES * DenseFeature.WIDTH];
            float[] labels = new float[CANDIDATES];
            int chosen = random.nextInt(CANDIDATES);
            for (int c = 0; c < CANDIDATES; c++) {
                keys[c] = item(random, c == chosen ? taste : (taste + 1 + random.nextInt(TASTES - 1)) % TASTES);
                labels[c] = c == chosen ? 1 : 0;
                dense[c * DenseFeature.WIDTH + DenseFeature.EMBEDDING_SCORE.ordinal()] =
                        (float) (random.nextGaussian() + (c == chosen ? 3 : 0));
                dense[c * DenseFeature.WIDTH + DenseFeature.RETRIEVAL_RANK.ordinal()] = 1f / (1 + c);
                dense[c * DenseFeature.WIDTH + DenseFeature.POPULARITY.ordinal()] = 5 + random.nextInt(10);
            }
            set.add(START + m, sequence, keys, dense, labels);
        }
        return set;
    }

    /** What users did, each a few items of one taste. */
    static InteractionSequences sequences(int users) {
        SplittableRandom random = new SplittableRandom(4);
        InteractionSequences sequences = new InteractionSequences(users);
        for (int user = 0; user < users; user++) {
            int taste = random.nextInt(TASTES);
            for (int n = 0; n < 8; n++) {
                sequences.add(anEvent("e" + n)
                        .by("u" + user)
                        .doing(EventType.VIEW, "i" + (random.nextInt(ITEMS / TASTES) * TASTES + taste))
                        .atSecond(n));
            }
        }
        return sequences;
    }

    /** The shop's items, each with a title that tells its taste. */
    public static OfflinePipeline shop() {
        OfflinePipeline pipeline = new OfflinePipeline();
        for (int i = 0; i < ITEMS; i++) {
            pipeline.catalog(aTitledItem("i" + i, "taste" + i % TASTES, "things"));
        }
        pipeline.popular().make(pipeline.table());
        return pipeline;
    }

    /** An encoder that has learned the shop. */
    public static TrainedEncoder encoder(int users, TrainerOptions options) throws IOException {
        return new EncoderTrainer(sequences(users), itemIds(), shop().table(), options, report -> {}).train();
    }

    private static long item(SplittableRandom random, int taste) {
        return ItemKey.of("i" + (random.nextInt(ITEMS / TASTES) * TASTES + taste));
    }
}
