package dev.rebound.operators.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Tells what each feature contributed to the scores of one list: Shapley values by sampling permutations (Strumbelj,
 * Kononenko, KAIS 2014), each permutation together with its reverse (Mitchell, Cooper, Frank, Holmes, JMLR 2022), against
 * one baseline (Sundararajan, Najmi, ICML 2020): an item that the model does not know, with average features, for a user
 * without history. Whatever is sampled, the contributions of an item sum to its score less the baseline's.
 *
 * <p>All of a list is one forward pass, of at most about {@value #EVALUATIONS} candidates. Owned by one thread; its
 * buffers, some 2 MiB, are made for the first list.
 */
public final class ScoreExplanation {
    /** The contribution of the user's recent items, which the model reads as a sequence. */
    static final String RECENT_ITEMS = "recent_items";

    /** The contribution of what the model has learned of the item itself. */
    static final String ITEM = "item";

    private static final DenseFeature[] FEATURES = DenseFeature.values();
    private static final int SEQUENCE_PLAYER = FEATURES.length;
    private static final int ITEM_PLAYER = FEATURES.length + 1;
    private static final int PLAYERS = FEATURES.length + 2;
    private static final int EVALUATIONS = 8192;
    private static final int MOST_PERMUTATIONS = 32;

    private final int candidates;
    private final boolean[] present = new boolean[PLAYERS];
    private final int[] order = new int[PLAYERS];
    private FeatureBatch batch;
    private float[] values;
    private int[] places = {};
    private int rows;
    private final Cursor withHistory = new Cursor(true);
    private final Cursor withoutHistory = new Cursor(false);

    /** Where the next evaluation of a kind goes: a row has a history or has none. */
    private static final class Cursor {
        private final boolean history;
        private int row = -1;
        private int column;

        private Cursor(boolean history) {
            this.history = history;
        }
    }

    /** @param candidates a user, as the model was opened with */
    public ScoreExplanation(int candidates) {
        this.candidates = candidates;
        this.batch = new FeatureBatch(1, candidates);
        this.values = new float[candidates];
    }

    /**
     * The contributions of each of the chosen candidates, by feature name.
     *
     * @param features in which the list was scored, in {@code row}
     * @param chosen candidates of that row
     * @param count how many of them
     * @param scores of the row, from {@code offset} on
     * @param seed the same one gives the same explanation
     * @throws ModelFailedException if the model does
     */
    public List<Map<String, Float>> of(
            FeatureBatch features,
            int row,
            int[] chosen,
            int count,
            float[] scores,
            int offset,
            long seed,
            RankingModel model)
            throws ModelFailedException {
        int permutations = permutations(count);
        begin(1 + count * permutations * (PLAYERS - 1));
        float[] baseline = Arrays.copyOf(model.meanFeatures(), FEATURES.length);
        Arrays.fill(present, false);
        int base = place(features, row, 0, baseline);
        SplittableRandom random = new SplittableRandom(seed);
        int[][] orders = orders(permutations, random);
        int next = 0;
        for (int i = 0; i < count; i++) {
            for (int[] each : orders) {
                next = placeAll(features, row, chosen[i], baseline, each, next);
            }
        }
        model.score(finished(), rows, values);
        List<Map<String, Float>> contributions = new ArrayList<>(count);
        int at = 0;
        for (int i = 0; i < count; i++) {
            double[] sums = new double[PLAYERS];
            for (int[] each : orders) {
                at = add(each, values[base], scores[offset + chosen[i]], at, sums);
            }
            contributions.add(named(sums, permutations));
        }
        return contributions;
    }

    /** As many as the evaluations allow, in pairs. */
    private static int permutations(int count) {
        int affordable = EVALUATIONS / (Math.max(1, count) * (PLAYERS - 1));
        return Math.max(2, Math.min(MOST_PERMUTATIONS, affordable) / 2 * 2);
    }

    private int[][] orders(int permutations, SplittableRandom random) {
        int[][] orders = new int[permutations][];
        for (int p = 0; p < PLAYERS; p++) {
            order[p] = p;
        }
        for (int pair = 0; pair < permutations; pair += 2) {
            for (int p = PLAYERS - 1; p > 0; p--) {
                int other = random.nextInt(p + 1);
                int swapped = order[p];
                order[p] = order[other];
                order[other] = swapped;
            }
            orders[pair] = order.clone();
            orders[pair + 1] = new int[PLAYERS];
            for (int p = 0; p < PLAYERS; p++) {
                orders[pair + 1][p] = order[PLAYERS - 1 - p];
            }
        }
        return orders;
    }

    private void begin(int evaluations) {
        int needed = evaluations / candidates + 3;
        if (batch.capacity() < needed) {
            batch = new FeatureBatch(needed, candidates);
            values = new float[needed * candidates];
        }
        if (places.length < evaluations) {
            places = new int[evaluations];
        }
        rows = 0;
        withHistory.row = -1;
        withoutHistory.row = -1;
    }

    /** Places what comes between the baseline and the item itself as its features join one after the other. */
    private int placeAll(FeatureBatch features, int row, int candidate, float[] baseline, int[] players, int next) {
        Arrays.fill(present, false);
        int at = next;
        for (int p = 0; p < PLAYERS - 1; p++) {
            present[players[p]] = true;
            places[at++] = place(features, row, candidate, baseline);
        }
        return at;
    }

    /** Places one evaluation of what is present. Returns where its score will be. */
    private int place(FeatureBatch features, int row, int candidate, float[] baseline) {
        Cursor cursor = present[SEQUENCE_PLAYER] ? withHistory : withoutHistory;
        if (cursor.row < 0 || cursor.column == candidates) {
            cursor.row = rows++;
            cursor.column = 0;
            for (int n = 0; n < FeatureBatch.SEQUENCE_LENGTH; n++) {
                batch.setSequence(cursor.row, n, cursor.history ? features.sequence(row, n) : 0);
            }
        }
        int column = cursor.column++;
        batch.setCandidate(cursor.row, column, present[ITEM_PLAYER] ? features.candidate(row, candidate) : 0);
        for (DenseFeature feature : FEATURES) {
            float value =
                    present[feature.ordinal()] ? features.dense(row, candidate, feature) : baseline[feature.ordinal()];
            batch.setDense(cursor.row, column, feature, value);
        }
        return cursor.row * candidates + column;
    }

    private FeatureBatch finished() {
        for (Cursor cursor : new Cursor[] {withHistory, withoutHistory}) {
            if (cursor.row >= 0) {
                batch.clearCandidates(cursor.row, cursor.column);
            }
        }
        return batch;
    }

    /** Adds what each feature changed as it joined. */
    private int add(int[] players, float baseline, float score, int next, double[] sums) {
        int at = next;
        double before = baseline;
        for (int p = 0; p < PLAYERS; p++) {
            double after = p == PLAYERS - 1 ? score : values[places[at++]];
            sums[players[p]] += after - before;
            before = after;
        }
        return at;
    }

    private static Map<String, Float> named(double[] sums, int permutations) {
        Map<String, Float> named = new HashMap<>();
        for (DenseFeature feature : FEATURES) {
            named.put(feature.featureName(), (float) (sums[feature.ordinal()] / permutations));
        }
        named.put(RECENT_ITEMS, (float) (sums[SEQUENCE_PLAYER] / permutations));
        named.put(ITEM, (float) (sums[ITEM_PLAYER] / permutations));
        return named;
    }
}
