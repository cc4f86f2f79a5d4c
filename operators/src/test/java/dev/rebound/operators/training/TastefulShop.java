package dev.rebound.operators.training;

import dev.rebound.operators.features.ItemKey;
import dev.rebound.operators.scoring.DenseFeature;
import dev.rebound.operators.scoring.FeatureBatch;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Moments in which what is chosen follows from the sequence: users stay with items of one remainder modulo four. */
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
                dense[c * DenseFeature.WIDTH + DenseFeature.RETRIEVAL_RANK.ordinal()] = 1f / (1 + c);
                dense[c * DenseFeature.WIDTH + DenseFeature.POPULARITY.ordinal()] = 5 + random.nextInt(10);
            }
            set.add(START + m, sequence, keys, dense, labels);
        }
        return set;
    }

    private static long item(SplittableRandom random, int taste) {
        return ItemKey.of("i" + (random.nextInt(ITEMS / TASTES) * TASTES + taste));
    }
}
