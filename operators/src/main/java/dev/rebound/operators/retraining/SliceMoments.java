package dev.rebound.operators.retraining;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.training.TrainingSet;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.TrainingExample;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The examples of some slices as moments, in the order of time: the examples of one list are one moment, if something of
 * it was taken and something was not. Of the newest slice the newest part is set aside for a comparison.
 */
final class SliceMoments {
    private static final int POSITIONS = 100;

    private final List<Shown> training = new ArrayList<>();
    private final List<Shown> compared;

    /** A list as it was shown, each item by its position. */
    private static final class Shown {
        final long timeMillis;
        final String id;
        final String userId;
        final String[] recent;
        final List<Item> items = new ArrayList<>();

        Shown(TrainingExample first) {
            this.timeMillis = first.getRequestedAt() > 0 ? first.getRequestedAt() : first.getScoredAt();
            this.id = first.getRecommendationId();
            this.userId = first.getUserId();
            this.recent = first.getRecentItemIds().stream()
                    .limit(FeatureBatch.SEQUENCE_LENGTH)
                    .toArray(String[]::new);
        }

        boolean teaches() {
            boolean taken = items.stream().anyMatch(item -> item.strength > 0);
            return taken && items.stream().anyMatch(item -> item.strength == 0);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Item(int position, String id, float strength, float[] dense) {}

    private SliceMoments(List<Shown> older, List<Shown> newest, double comparedShare) {
        int trained = (int) Math.round(newest.size() * (1 - comparedShare));
        training.addAll(older);
        training.addAll(newest.subList(0, trained));
        compared = newest.subList(trained, newest.size());
    }

    /**
     * Reads the examples of a file.
     *
     * @param slice number of the newest slice
     * @param comparedShare of its moments that are set aside
     */
    static SliceMoments read(Path file, long slice, double comparedShare) throws IOException {
        RecordCodec<TrainingExample> codec = RecordCodec.of(TrainingExample.class);
        Map<String, Shown> older = new HashMap<>();
        Map<String, Shown> newest = new HashMap<>();
        SliceFile.read(file, (of, bytes) -> {
            try {
                TrainingExample example = codec.decode(bytes, null);
                Map<String, Shown> lists = of == slice ? newest : older;
                Shown list = lists.computeIfAbsent(example.getRecommendationId(), id -> new Shown(example));
                if (list.items.size() < POSITIONS) {
                    list.items.add(item(example));
                }
            } catch (UndecodableRecordException e) {
                throw new IOException("An example that was read from its topic cannot be read from " + file, e);
            }
        });
        return new SliceMoments(teaching(older), teaching(newest), comparedShare);
    }

    private static Item item(TrainingExample example) {
        float[] dense = new float[DenseFeature.WIDTH];
        for (int f = 0; f < dense.length; f++) {
            dense[f] = example.getDenseFeatures().get(f);
        }
        // Examples from before actions were kept say only that something was taken.
        float taken = Math.max(1, Interaction.weight(example.getAction().ordinal()));
        float strength = example.getLabel() > 0 ? taken : 0;
        return new Item(example.getPosition(), example.getItemId(), strength, dense);
    }

    private static List<Shown> teaching(Map<String, Shown> lists) {
        List<Shown> teaching =
                new ArrayList<>(lists.values().stream().filter(Shown::teaches).toList());
        // The file has no order of its own, and the same slice shall give the same model.
        teaching.sort(Comparator.comparingLong((Shown list) -> list.timeMillis).thenComparing(list -> list.id));
        teaching.forEach(
                list -> list.items.sort(Comparator.comparingInt(Item::position).thenComparing(Item::id)));
        return teaching;
    }

    /** Replayed moments, then those of the newest slice that are not set aside. */
    TrainingSet trainingSet() {
        return set(training);
    }

    /** What was set aside. */
    TrainingSet comparedSet() {
        return set(compared);
    }

    /** Users of {@link #comparedSet}, in its order. */
    List<String> comparedUsers() {
        return compared.stream().map(list -> list.userId).toList();
    }

    private static TrainingSet set(List<Shown> lists) {
        int candidates =
                lists.stream().mapToInt(list -> list.items.size()).max().orElse(1);
        TrainingSet set = new TrainingSet(FeatureBatch.SEQUENCE_LENGTH, candidates, DenseFeature.WIDTH);
        for (Shown list : lists) {
            long[] sequence = new long[FeatureBatch.SEQUENCE_LENGTH];
            for (int n = 0; n < list.recent.length; n++) {
                sequence[n] = ItemKey.of(list.recent[n]);
            }
            long[] keys = new long[candidates];
            float[] dense = new float[candidates * DenseFeature.WIDTH];
            float[] strengths = new float[candidates];
            for (int c = 0; c < list.items.size(); c++) {
                Item item = list.items.get(c);
                keys[c] = ItemKey.of(item.id);
                strengths[c] = item.strength;
                System.arraycopy(item.dense, 0, dense, c * DenseFeature.WIDTH, DenseFeature.WIDTH);
            }
            set.add(list.timeMillis, sequence, keys, dense, strengths);
        }
        return set;
    }
}
