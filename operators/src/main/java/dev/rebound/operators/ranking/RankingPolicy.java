package dev.rebound.operators.ranking;

import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.scoring.ScoringTask;
import dev.rebound.schemas.Scenario;
import java.util.Arrays;

/**
 * Chooses what is shown of what was scored. Owned by one thread; allocates nothing a user.
 *
 * <p>Each place goes to the candidate with the greatest gain: the odds of its score, times the {@link CategoryMix}
 * discount of its category on a HOME page.
 */
public final class RankingPolicy {
    /** Places that are seen together: so many are mixed, those after them go by weight. */
    public static final int PAGE = 10;

    /** A score of 1 has odds all the same. */
    private static final float LEAST_COMPLEMENT = 1e-6f;

    private final ItemTable table;
    private final PolicySettings settings;
    private final CategoryMix mix;
    private final long[] order;
    private final float[] weights;
    private final boolean[] taken;
    private int size;

    /** @param maxCandidates most candidates a user */
    public RankingPolicy(ItemTable table, PolicySettings settings, int maxCandidates) {
        this.table = table;
        this.settings = settings;
        this.mix = new CategoryMix(settings.diversity(), settings.maxPerCategory());
        this.order = new long[maxCandidates];
        this.weights = new float[maxCandidates];
        this.taken = new boolean[maxCandidates];
    }

    /**
     * Chooses and orders what is shown.
     *
     * @param scores of the candidates, from {@code offset} on, in [0, 1]
     * @param chosen receives indexes into the candidates, best first
     * @return how many were chosen: {@code chosen.length}, or all candidates where there are fewer
     */
    public int choose(ScoringTask task, Candidates candidates, float[] scores, int offset, int[] chosen) {
        weigh(candidates, scores, offset);
        boolean mixed = task.scenario == Scenario.HOME && task.candidates == null;
        mix.begin(table.categoryCount());
        int count = 0;
        while (count < chosen.length && count < size) {
            int c = mixed && count < PAGE ? bestMixed(candidates) : best();
            taken[c] = true;
            mix.add(item(candidates, c).category);
            chosen[count++] = c;
        }
        if (mixed && settings.newItem()) {
            showSomethingNew(candidates, count, chosen);
        }
        return count;
    }

    private void weigh(Candidates candidates, float[] scores, int offset) {
        size = candidates.size();
        for (int c = 0; c < size; c++) {
            float score = scores[offset + c];
            weights[c] = score / Math.max(LEAST_COMPLEMENT, 1 - score);
            // Of equal weights the one retrieved first wins: its index counts down.
            order[c] = ((long) Float.floatToRawIntBits(weights[c]) << 32) | (size - c);
            taken[c] = false;
        }
        Arrays.sort(order, 0, size);
    }

    /** The candidate with the greatest gain whose category has room; that of the greatest weight where none has. */
    private int bestMixed(Candidates candidates) {
        int best = -1;
        float bestGain = -1;
        for (int i = size - 1; i >= 0; i--) {
            int c = candidateAt(i);
            if (taken[c]) {
                continue;
            }
            if (weights[c] <= bestGain) {
                break;
            }
            float gain = weights[c] * mix.discount(item(candidates, c).category);
            if (gain > bestGain && mix.hasRoom(item(candidates, c).category)) {
                bestGain = gain;
                best = c;
            }
        }
        return best < 0 ? best() : best;
    }

    private int best() {
        for (int i = size - 1; i >= 0; i--) {
            int c = candidateAt(i);
            if (!taken[c]) {
                return c;
            }
        }
        throw new IllegalStateException("Asked for more than all of " + size + " candidates");
    }

    /** Gives the last place to the best new item where none made it by its score. */
    private void showSomethingNew(Candidates candidates, int count, int[] chosen) {
        if (count < chosen.length || count == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (isNew(candidates, chosen[i])) {
                return;
            }
        }
        for (int i = size - 1; i >= 0; i--) {
            int c = candidateAt(i);
            if (!taken[c] && isNew(candidates, c)) {
                chosen[count - 1] = c;
                return;
            }
        }
    }

    private int candidateAt(int rankFromWorst) {
        return size - (int) order[rankFromWorst];
    }

    private Item item(Candidates candidates, int c) {
        return table.item(candidates.slots[c]);
    }

    private static boolean isNew(Candidates candidates, int c) {
        return (candidates.sources[c] & Candidates.NEW_IN_CATEGORY) != 0;
    }
}
