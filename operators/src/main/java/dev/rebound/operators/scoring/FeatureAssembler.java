package dev.rebound.operators.scoring;

import dev.rebound.operators.features.DecayedSum;
import dev.rebound.operators.features.ItemFeatures;
import dev.rebound.operators.features.ItemKey;
import dev.rebound.operators.features.RecentItems;
import dev.rebound.operators.features.ShownItems;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.UserInterests;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one user's features into a {@link FeatureBatch}. The only place where features get their values, for serving
 * and for training.
 */
public final class FeatureAssembler {
    private static final double MILLIS_PER_DAY = Duration.ofDays(1).toMillis();
    private static final float MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();

    /** How long an impression counts. */
    private static final long SHOWN_MILLIS = Duration.ofDays(1).toMillis();

    private final ItemTable table;
    private int[] shownCount = new int[1024];
    private int[] seenCount = new int[1024];
    private long[] seenMillis = new long[1024];
    private int[] seenPlace = new int[1024];
    private int[] rows = new int[1024];
    private @Nullable ItemVocabulary rowsOf;

    public FeatureAssembler(ItemTable table) {
        this.table = table;
    }

    /**
     * Writes all of a row.
     *
     * @param task the user's features at the moment of the task
     * @param slots of the task's recent items
     * @param interests of the same user and moment
     * @param candidates at most as many as the batch has room for
     * @param vocabulary of the model that will read the row
     */
    public void assemble(
            ScoringTask task,
            RecentSlots slots,
            UserInterests interests,
            Candidates candidates,
            ItemVocabulary vocabulary,
            FeatureBatch batch,
            int row) {
        RecentItems recent = task.recent;
        prepareRows(vocabulary);
        for (int n = 0; n < FeatureBatch.SEQUENCE_LENGTH; n++) {
            batch.setSequence(row, n, n < recent.size() ? row(slots.slot(n), recent.itemKey(n), vocabulary) : 0);
        }
        noteSeen(recent, slots);
        countShown(task, 1);
        float activity = log1p((double) task.totalEvents());
        float historyLength = log1p(recent.size());
        int anchor = anchorCategory(task);
        for (int c = 0; c < candidates.size(); c++) {
            int slot = candidates.slots[c];
            Item item = table.item(slot);
            batch.setCandidate(row, c, row(slot, item.itemKey, vocabulary));
            covisitation(candidates, batch, row, c);
            affinity(interests, item, anchor, batch, row, c);
            item(item, interests, task.timeMillis, batch, row, c);
            seen(slot, task.timeMillis, batch, row, c);
            batch.setDense(row, c, DenseFeature.SHOWN_COUNT, shownCount[slot] == 0 ? 0f : log1p(shownCount[slot]));
            batch.setDense(row, c, DenseFeature.USER_ACTIVITY, activity);
            batch.setDense(row, c, DenseFeature.HISTORY_LENGTH, historyLength);
        }
        batch.clearCandidates(row, candidates.size());
        forgetSeen(slots);
        countShown(task, -1);
    }

    /** Adds the user's impressions to the counts, or takes them away again. */
    private void countShown(ScoringTask task, int by) {
        ShownItems shown = task.shown;
        long newest = task.recent.size() == 0 ? Long.MAX_VALUE : task.recent.timeMillis(0);
        for (int n = shown.size() - 1; n >= 0 && task.timeMillis - shown.timeMillis(n) < SHOWN_MILLIS; n--) {
            int slot = shown.timeMillis(n) > newest ? ItemTable.NO_SLOT : table.slot(shown.itemKey(n));
            if (slot != ItemTable.NO_SLOT) {
                shownCount[slot] += by;
            }
        }
    }

    private int anchorCategory(ScoringTask task) {
        long key = task.contextItemKey != ItemKey.NONE
                ? task.contextItemKey
                : task.recent.size() > 0 ? task.recent.itemKey(0) : ItemKey.NONE;
        Item item = key == ItemKey.NONE ? null : table.byKey(key);
        return item == null ? ItemTable.NO_INDEX : item.category;
    }

    private static void covisitation(Candidates candidates, FeatureBatch batch, int row, int c) {
        int sources = candidates.sources[c];
        batch.setDense(row, c, DenseFeature.COVISIT_LAST, candidates.covisitLast[c]);
        batch.setDense(row, c, DenseFeature.COVISIT_RECENT, candidates.covisitRecent[c]);
        batch.setDense(row, c, DenseFeature.RETRIEVAL_RANK, 1f / (1 + c));
        batch.setDense(row, c, DenseFeature.FROM_COVISITATION, flag(sources, Candidates.CO_VISITATION));
        batch.setDense(row, c, DenseFeature.FROM_TRENDING, flag(sources, Candidates.TRENDING));
        float session = candidates.session[c];
        batch.setDense(row, c, DenseFeature.SESSION_SCORE, log1p(session));
        batch.setDense(row, c, DenseFeature.SESSION_SHARE, session == 0f ? 0f : session / candidates.bestSession());
    }

    private static float flag(int sources, int source) {
        return (sources & source) != 0 ? 1f : 0f;
    }

    private static void affinity(UserInterests interests, Item item, int anchor, FeatureBatch batch, int row, int c) {
        batch.setDense(row, c, DenseFeature.CATEGORY_AFFINITY, interests.categoryShare(item.category));
        batch.setDense(row, c, DenseFeature.BRAND_AFFINITY, interests.brandShare(item.brand));
        boolean same = anchor != ItemTable.NO_INDEX && anchor == item.category;
        batch.setDense(row, c, DenseFeature.SAME_CATEGORY_AS_LAST, same ? 1f : 0f);
    }

    private static void item(Item item, UserInterests interests, long nowMillis, FeatureBatch batch, int row, int c) {
        double popularity = DecayedSum.at(item.popularity, nowMillis, ItemFeatures.POPULARITY_HALF_LIFE_MILLIS);
        double ageDays = Math.max(0, nowMillis - item.firstSeenMillis) / MILLIS_PER_DAY;
        float priceRatio = item.logPrice - interests.meanLogPrice();
        batch.setDense(row, c, DenseFeature.POPULARITY, log1p(popularity));
        batch.setDense(row, c, DenseFeature.ACTION_RATE, item.actionRate);
        batch.setDense(row, c, DenseFeature.CONVERSION_RATE, item.conversionRate);
        batch.setDense(row, c, DenseFeature.ITEM_AGE, log1p(ageDays));
        batch.setDense(row, c, DenseFeature.PRICE_RATIO, Float.isNaN(priceRatio) ? 0f : priceRatio);
    }

    private void seen(int slot, long nowMillis, FeatureBatch batch, int row, int c) {
        int count = seenCount[slot];
        float recency = count == 0 ? 0f : 1f / (1f + Math.max(0, nowMillis - seenMillis[slot]) / MILLIS_PER_HOUR);
        batch.setDense(row, c, DenseFeature.SEEN_COUNT, count == 0 ? 0f : log1p(count));
        batch.setDense(row, c, DenseFeature.SEEN_RECENCY, recency);
        batch.setDense(row, c, DenseFeature.SEEN_RANK, count == 0 ? 0f : 1f / (1 + seenPlace[slot]));
    }

    private void noteSeen(RecentItems recent, RecentSlots slots) {
        for (int n = recent.size() - 1; n >= 0; n--) {
            int slot = slots.slot(n);
            if (slot != RecentSlots.NONE) {
                seenCount[slot]++;
                seenMillis[slot] = recent.timeMillis(n);
                seenPlace[slot] = n;
            }
        }
    }

    private void forgetSeen(RecentSlots slots) {
        for (int n = 0; n < slots.size(); n++) {
            if (slots.slot(n) != RecentSlots.NONE) {
                seenCount[slots.slot(n)] = 0;
            }
        }
    }

    /** The intrinsic logarithm; {@link Math#log1p} is many times slower and its precision is not needed here. */
    private static float log1p(double value) {
        return (float) Math.log(1 + value);
    }

    /** Makes room for every slot, and forgets the rows of another vocabulary. */
    private void prepareRows(ItemVocabulary vocabulary) {
        if (seenCount.length < table.size()) {
            int length = table.size() * 2;
            shownCount = Arrays.copyOf(shownCount, length);
            seenCount = Arrays.copyOf(seenCount, length);
            seenMillis = Arrays.copyOf(seenMillis, length);
            seenPlace = Arrays.copyOf(seenPlace, length);
            rows = new int[length];
        } else if (rowsOf != vocabulary) {
            Arrays.fill(rows, 0);
        }
        rowsOf = vocabulary;
    }

    /** The item's row in the vocabulary, looked up once a slot; kept plus one, so that 0 is not looked up yet. */
    private int row(int slot, long itemKey, ItemVocabulary vocabulary) {
        if (slot == RecentSlots.NONE) {
            return vocabulary.row(itemKey);
        }
        if (rows[slot] == 0) {
            rows[slot] = vocabulary.row(itemKey) + 1;
        }
        return rows[slot] - 1;
    }
}
