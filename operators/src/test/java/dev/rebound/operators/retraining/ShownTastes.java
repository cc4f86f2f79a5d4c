package dev.rebound.operators.retraining;

import dev.rebound.operators.model.DenseFeature;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Labelled lists of the shop of {@code TastefulShop}: what is taken follows from the recent items, which are of one
 * remainder modulo four; or of a shop in which it follows from nothing.
 */
public final class ShownTastes {
    static final int ITEMS_A_LIST = 8;
    private static final int ITEMS = 80;
    private static final int TASTES = 4;
    private static final int USERS = 97;
    private static final long START = 1_750_000_000_000L;

    private final RecordCodec<TrainingExample> codec = RecordCodec.of(TrainingExample.class);
    private final SplittableRandom random;
    private final boolean noise;
    private int lists;

    private ShownTastes(long seed, boolean noise) {
        this.random = new SplittableRandom(seed);
        this.noise = noise;
    }

    public static ShownTastes tasteful() {
        return new ShownTastes(5, false);
    }

    public static ShownTastes noise() {
        return new ShownTastes(5, true);
    }

    /** The examples of some more lists, encoded as they lie on their topic. */
    public List<byte[]> lists(int count) {
        List<byte[]> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list().forEach(example -> examples.add(codec.encode(example)));
        }
        return examples;
    }

    /** The examples of one more list. */
    List<TrainingExample> list() {
        int taste = random.nextInt(TASTES);
        List<String> recent = IntStream.range(0, 5).mapToObj(n -> item(taste)).toList();
        int fitting = random.nextInt(ITEMS_A_LIST);
        int taken = noise ? random.nextInt(ITEMS_A_LIST) : fitting;
        List<TrainingExample> list = new ArrayList<>();
        Set<String> shown = new HashSet<>();
        for (int position = 0; position < ITEMS_A_LIST; position++) {
            int of = position == fitting ? taste : (taste + 1 + random.nextInt(TASTES - 1)) % TASTES;
            list.add(TrainingExample.newBuilder()
                    .setRecommendationId("list-" + lists)
                    .setRequestId("request-" + lists)
                    .setUserId("user-" + lists % USERS)
                    .setItemId(itemBeside(shown, of))
                    .setPosition(position)
                    .setModelVersion("v1")
                    .setScore(0.5f)
                    .setRecentItemIds(recent)
                    .setDenseFeatures(dense(position, position == fitting))
                    .setLabel(position == taken ? 1f : 0f)
                    .setScenario(Scenario.HOME)
                    .setRequestedAt(START + lists * 1000L)
                    .setScoredAt(START + lists * 1000L + 5)
                    .setAction(position == taken ? EventType.CLICK : EventType.IMPRESSION)
                    .build());
        }
        lists++;
        return list;
    }

    /** Vectors tell what fits, more or less. */
    private List<Float> dense(int position, boolean fits) {
        Float[] dense = new Float[DenseFeature.WIDTH];
        Arrays.fill(dense, 0f);
        dense[DenseFeature.RETRIEVAL_RANK.ordinal()] = 1f / (1 + position);
        dense[DenseFeature.POPULARITY.ordinal()] = 5f + random.nextInt(10);
        dense[DenseFeature.EMBEDDING_SCORE.ordinal()] = (float) (random.nextGaussian() + (fits ? 3 : 0));
        return List.of(dense);
    }

    private String itemBeside(Set<String> shown, int taste) {
        String item = item(taste);
        while (!shown.add(item)) {
            item = item(taste);
        }
        return item;
    }

    private String item(int taste) {
        return "i" + (random.nextInt(ITEMS / TASTES) * TASTES + taste);
    }
}
