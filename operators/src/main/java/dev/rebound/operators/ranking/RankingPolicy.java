package dev.rebound.operators.ranking;

import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.retrieval.ScoreOrder;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.Scenario;

/**
 * Chooses what is shown of what was scored. Owned by one thread; allocates nothing a user.
 *
 * <p>A candidate weighs the odds of its score times the factor of the shop's rules. Each place of a page goes to the
 * candidate that weighs most after the {@link GroupMix} of categories, among those whose category and brand have room,
 * or to one that {@link Exploration} draws. What was shown too often stands behind all others; where caps leave places
 * empty they give way.
 */
public final class RankingPolicy {
    /** Places that are seen together: so many are mixed and explored, those after them go by weight. */
    public static final int PAGE = 10;

    /** A score of 1 has odds all the same. */
    private static final float LEAST_COMPLEMENT = 1e-6f;

    private final ItemTable table;
    private final PolicySettings settings;
    private final GroupMix categories;
    private final GroupMix brands;
    private final ShownCap shownCap;
    private final Exploration exploration;
    private final RuleTable rules;
    /** Of those that may be shown. */
    private final ScoreOrder order;

    private final float[] weights;
    private final boolean[] taken;
    private final int[] eligible;

    /** @param maxCandidates most candidates a user */
    public RankingPolicy(ItemTable table, PolicySettings settings, int maxCandidates) {
        this.table = table;
        this.settings = settings;
        this.categories = new GroupMix(settings.diversity(), settings.maxPerCategory());
        this.brands = new GroupMix(0, settings.rules().maxPerBrand());
        this.shownCap = new ShownCap(settings.shownCap(), settings.shownWindow());
        this.exploration = new Exploration(settings.exploration(), maxCandidates);
        this.rules = new RuleTable(settings.rules(), table);
        this.order = new ScoreOrder(maxCandidates);
        this.weights = new float[maxCandidates];
        this.taken = new boolean[maxCandidates];
        this.eligible = new int[maxCandidates];
    }

    /**
     * Chooses and orders what is shown: {@code task.count} items, or all that may be shown where there are fewer.
     *
     * @param scores of the candidates, from {@code offset} on, in [0, 1]
     * @param out receives what is shown
     */
    public void choose(ScoringTask task, Candidates candidates, float[] scores, int offset, Slate out) {
        boolean proposes = task.candidates == null && task.scenario != Scenario.SEARCH;
        boolean home = proposes && task.scenario == Scenario.HOME;
        weigh(task, candidates, scores, offset);
        categories.begin(table.categoryCount());
        brands.begin(table.brandCount());
        out.clear(task.count);
        if (home && rules.hasPins()) {
            pin(candidates, task.count, out);
        }
        int pinned = out.size();
        boolean explores = proposes && exploration.isOn();
        while (out.size() < Math.min(task.count, order.size())) {
            boolean onPage = out.size() < PAGE;
            int best = onPage && proposes ? bestOnPage(candidates, home) : best();
            if (onPage && explores && weights[best] > 0) {
                explore(candidates, home, best, out);
            } else {
                show(candidates, best, 1, out);
            }
        }
        if (home && settings.newItem() && !explores && out.size() == task.count) {
            showSomethingNew(candidates, pinned, out);
        }
    }

    private void weigh(ScoringTask task, Candidates candidates, float[] scores, int offset) {
        boolean capped = shownCap.isOn() && task.scenario != Scenario.SEARCH;
        if (capped) {
            shownCap.begin(task.shown, table, task.timeMillis);
        }
        if (exploration.isOn()) {
            exploration.begin(task);
        }
        rules.refresh();
        order.clear();
        for (int c = 0; c < candidates.size(); c++) {
            float score = scores[offset + c];
            float weight = score / Math.max(LEAST_COMPLEMENT, 1 - score);
            double factor = rules.factor(item(candidates, c));
            taken[c] = factor == 0;
            if (taken[c]) {
                continue;
            }
            weight *= (float) factor;
            // Behind all others, in the same order.
            weights[c] = capped && shownCap.isReached(candidates.slots[c]) ? -1 / (1 + weight) : weight;
            // Of equal ones the candidate retrieved first is ahead: its number counts down.
            order.add(weights.length - c, weights[c]);
            if (exploration.isOn()) {
                exploration.weigh(c, Math.max(0, weights[c]), isNew(candidates, c));
            }
        }
        order.sort();
    }

    private int candidateAt(int rank) {
        return weights.length - order.number(rank);
    }

    private void pin(Candidates candidates, int count, Slate out) {
        for (int i = 0; i < order.size() && out.size() < count; i++) {
            int c = candidateAt(i);
            if (rules.isPinned(item(candidates, c))) {
                show(candidates, c, 1, out);
            }
        }
    }

    /** The candidate worth most whose groups have room; the one that weighs most where none has. */
    private int bestOnPage(Candidates candidates, boolean home) {
        int best = -1;
        float bestGain = 0;
        for (int i = 0; i < order.size(); i++) {
            int c = candidateAt(i);
            if (taken[c]) {
                continue;
            }
            if (weights[c] <= bestGain) {
                break;
            }
            Item item = item(candidates, c);
            float gain = home ? weights[c] * categories.discount(item.category) : weights[c];
            if (gain > bestGain && hasRoom(item, home)) {
                bestGain = gain;
                best = c;
            }
        }
        return best < 0 ? best() : best;
    }

    private boolean hasRoom(Item item, boolean home) {
        return brands.hasRoom(item.brand) && (!home || categories.hasRoom(item.category));
    }

    private boolean hasRoomWithout(Item leaving, Item item) {
        return (brands.hasRoom(item.brand) || item.brand == leaving.brand)
                && (categories.hasRoom(item.category) || item.category == leaving.category);
    }

    private int best() {
        for (int i = 0; i < order.size(); i++) {
            int c = candidateAt(i);
            if (!taken[c]) {
                return c;
            }
        }
        throw new IllegalStateException("Asked for more than all of " + order.size() + " candidates");
    }

    private void explore(Candidates candidates, boolean home, int best, Slate out) {
        boolean roomForBest = hasRoom(item(candidates, best), home);
        int count = 0;
        for (int i = 0; i < order.size(); i++) {
            int c = candidateAt(i);
            // Where caps give way, they give way for all.
            if (!taken[c] && weights[c] > 0 && (!roomForBest || hasRoom(item(candidates, c), home))) {
                eligible[count++] = c;
            }
        }
        int chosen = exploration.choose(best, eligible, count);
        show(candidates, chosen, exploration.propensity(), out);
    }

    private void show(Candidates candidates, int c, float propensity, Slate out) {
        Item item = item(candidates, c);
        taken[c] = true;
        categories.add(item.category);
        brands.add(item.brand);
        out.add(c, propensity);
    }

    /**
     * Gives the last place to the best new item where none made it by its score; neither a pin's nor that of the item
     * which weighs most.
     */
    private void showSomethingNew(Candidates candidates, int pinned, Slate out) {
        if (out.size() - pinned < 2) {
            return;
        }
        Item leaving = item(candidates, out.candidate(out.size() - 1));
        for (int n = 0; n < out.size(); n++) {
            if (isNew(candidates, out.candidate(n))) {
                return;
            }
        }
        for (int i = 0; i < order.size(); i++) {
            int c = candidateAt(i);
            if (!taken[c] && weights[c] > 0 && isNew(candidates, c) && hasRoomWithout(leaving, item(candidates, c))) {
                out.replaceLast(c);
                return;
            }
        }
    }

    private Item item(Candidates candidates, int c) {
        return table.candidate(candidates.slots[c]);
    }

    private static boolean isNew(Candidates candidates, int c) {
        return (candidates.sources[c] & Candidates.NEW_IN_CATEGORY) != 0;
    }
}
