package dev.rebound.operators.model;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ContentProfile;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.retrieval.NumberProfile;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.ShownItems;
import dev.rebound.schemas.EventType;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one user's features into a {@link FeatureBatch}. The only place where features get their values, for serving
 * and for training.
 */
public final class FeatureAssembler {
    private static final double MILLIS_PER_DAY = Duration.ofDays(1).toMillis();
    private static final int TASTE_ITEMS = 20;
    private static final int PURCHASE = EventType.PURCHASE.ordinal();
    private static final long NEVER = 0;
    private static final float MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();

    private final ItemTable table;
    private final PopularItems popular;
    private final ContentProfile recentContent;
    private final ContentProfile lastContent;
    private final ContentProfile passedOverContent;
    private final NumberProfile recentNumbers;
    /** Of the candidate at hand: each sets all of them. */
    private final float[] dense = new float[DenseFeature.WIDTH];

    private byte[] shownCount = new byte[1024];
    private int[] seenCount = new int[1024];
    private long[] seenMillis = new long[1024];
    private int[] seenPlace = new int[1024];
    private long[] boughtMillis = new long[1024];
    private int[] rows = new int[1024];
    private @Nullable ItemVocabulary rowsOf;

    public FeatureAssembler(ItemTable table, PopularItems popular) {
        this.table = table;
        this.popular = popular;
        this.recentContent = new ContentProfile(table);
        this.lastContent = new ContentProfile(table);
        this.passedOverContent = new ContentProfile(table);
        this.recentNumbers = new NumberProfile(table);
    }

    /** Writes what a user did lately: the sequence and the types of a row. Before {@link #assemble}. */
    public void sequence(
            RecentItems recent, RecentSlots slots, ItemVocabulary vocabulary, FeatureBatch batch, int row) {
        prepareRows(vocabulary);
        for (int n = 0; n < FeatureBatch.SEQUENCE_LENGTH; n++) {
            boolean is = n < recent.size();
            batch.setSequence(row, n, is ? row(slots.slot(n), recent.itemKey(n), vocabulary) : 0);
            batch.setType(row, n, is ? recent.type(n) : 0);
        }
    }

    /**
     * Writes the rest of a row.
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
        noteSeen(recent, slots);
        float activity = log1p((double) task.totalEvents());
        float historyLength = log1p(recent.size());
        Item last = last(task);
        int anchor = last == null ? ItemTable.NO_INDEX : last.category;
        recentContent.of(recent, slots, table);
        lastContent.of(last);
        passedOverContent.of(task.shown, table);
        recentNumbers.of(recent, slots, table);
        noteShown(task.shown);
        float popularityTaste = popularityTaste(slots);
        float meanAge = ageDays(popular.meanFirstSeenMillis(), task.timeMillis);
        for (int c = 0; c < candidates.size(); c++) {
            int slot = candidates.slots[c];
            Item item = table.candidate(slot);
            batch.setCandidate(row, c, row(slot, item.itemKey, vocabulary));
            covisitation(candidates, c);
            embedding(candidates, c);
            query(candidates, c);
            affinity(interests, item, anchor);
            item(item, interests, popularityTaste);
            set(DenseFeature.ITEM_AGE, ageDays(item.firstSeenMillis, task.timeMillis) - meanAge);
            content(item);
            seen(slot, task.timeMillis);
            set(DenseFeature.USER_ACTIVITY, activity);
            set(DenseFeature.HISTORY_LENGTH, historyLength);
            batch.setDense(row, c, dense);
        }
        batch.clearCandidates(row, candidates.size());
        forgetSeen(slots);
        forgetShown(task.shown);
    }

    private void set(DenseFeature feature, float value) {
        dense[feature.ordinal()] = value;
    }

    /** The item of the page, or else the newest one. */
    private @Nullable Item last(ScoringTask task) {
        long key = task.contextItemKey != ItemKey.NONE
                ? task.contextItemKey
                : task.recent.size() > 0 ? task.recent.itemKey(0) : ItemKey.NONE;
        return key == ItemKey.NONE ? null : table.byKey(key);
    }

    private void covisitation(Candidates candidates, int c) {
        int sources = candidates.sources[c];
        set(DenseFeature.COVISIT_LAST, candidates.covisitLast[c]);
        set(DenseFeature.COVISIT_RECENT, candidates.covisitRecent[c]);
        set(DenseFeature.RETRIEVAL_RANK, 1f / (1 + c));
        set(DenseFeature.FROM_COVISITATION, flag(sources, Candidates.CO_VISITATION));
        set(DenseFeature.FROM_TRENDING, flag(sources, Candidates.TRENDING));
        float session = candidates.session[c];
        set(DenseFeature.SESSION_SCORE, log1p(session));
        set(DenseFeature.SESSION_SHARE, session == 0f ? 0f : session / candidates.bestSession());
    }

    private void embedding(Candidates candidates, int c) {
        float score = candidates.embedding[c];
        boolean known = candidates.hasEmbeddings();
        set(DenseFeature.EMBEDDING_SCORE, score);
        set(
                DenseFeature.EMBEDDING_SHARE,
                known ? (float) Math.exp(Math.min(0, score - candidates.bestEmbedding())) : 0f);
        set(DenseFeature.FROM_EMBEDDING, flag(candidates.sources[c], Candidates.EMBEDDING));
    }

    private void query(Candidates candidates, int c) {
        set(DenseFeature.LEXICAL_SCORE, candidates.lexicalScore[c]);
        set(DenseFeature.LEXICAL_SHARE, candidates.lexicalShare[c]);
        set(DenseFeature.QUERY_ITEM_AFFINITY, candidates.queryItem[c]);
        set(DenseFeature.QUERY_CATEGORY_AFFINITY, candidates.queryCategory[c]);
    }

    private static float flag(int sources, int source) {
        return (sources & source) != 0 ? 1f : 0f;
    }

    private void affinity(UserInterests interests, Item item, int anchor) {
        set(DenseFeature.CATEGORY_AFFINITY, interests.categoryShare(item.category));
        set(DenseFeature.BRAND_AFFINITY, interests.brandShare(item.brand));
        boolean same = anchor != ItemTable.NO_INDEX && anchor == item.category;
        set(DenseFeature.SAME_CATEGORY_AS_LAST, same ? 1f : 0f);
    }

    private void item(Item item, UserInterests interests, float popularityTaste) {
        float popularity = popularity(item);
        float gap = popularity - popularityTaste;
        float priceRatio = item.logPrice - interests.meanLogPrice();
        set(DenseFeature.POPULARITY, popularity);
        set(DenseFeature.POPULARITY_GAP, Float.isNaN(gap) ? 0f : Math.abs(gap));
        set(DenseFeature.ACTION_RATE, item.actionRate);
        set(DenseFeature.CONVERSION_RATE, item.conversionRate);
        set(DenseFeature.PRICE_RATIO, Float.isNaN(priceRatio) ? 0f : priceRatio);
    }

    private float popularity(Item item) {
        return log1p(popular.timesTheMean(item));
    }

    private static float ageDays(long firstSeenMillis, long nowMillis) {
        return log1p(Math.max(0, nowMillis - firstSeenMillis) / MILLIS_PER_DAY);
    }

    /** The mean popularity of the user's recent items; NaN where none is known. */
    private float popularityTaste(RecentSlots slots) {
        float sum = 0;
        int known = 0;
        for (int n = 0; n < Math.min(TASTE_ITEMS, slots.size()); n++) {
            Item item = slots.slot(n) == RecentSlots.NONE ? null : table.item(slots.slot(n));
            if (item != null) {
                sum += popularity(item);
                known++;
            }
        }
        return sum / known;
    }

    private void content(Item item) {
        set(DenseFeature.CONTENT_SIMILARITY, recentContent.similarity(item));
        set(DenseFeature.CONTENT_LIKE_LAST, lastContent.similarity(item));
        set(DenseFeature.CONTENT_LIKE_PASSED_OVER, passedOverContent.similarity(item));
        set(DenseFeature.ATTRIBUTE_GAP, recentNumbers.gap(item));
    }

    private void seen(int slot, long nowMillis) {
        int count = seenCount[slot];
        float recency = count == 0 ? 0f : 1f / (1f + Math.max(0, nowMillis - seenMillis[slot]) / MILLIS_PER_HOUR);
        set(DenseFeature.SEEN_COUNT, count == 0 ? 0f : log1p(count));
        set(DenseFeature.SEEN_RECENCY, recency);
        set(DenseFeature.SEEN_RANK, count == 0 ? 0f : 1f / (1 + seenPlace[slot]));
        float boughtDays = (float) (Math.max(0, nowMillis - boughtMillis[slot]) / MILLIS_PER_DAY);
        set(DenseFeature.BOUGHT_RECENCY, boughtMillis[slot] == NEVER ? 0f : 1f / (1f + boughtDays));
        set(DenseFeature.SHOWN_COUNT, shownCount[slot] == 0 ? 0f : log1p(shownCount[slot]));
    }

    private void noteSeen(RecentItems recent, RecentSlots slots) {
        for (int n = recent.size() - 1; n >= 0; n--) {
            int slot = slots.slot(n);
            if (slot != RecentSlots.NONE) {
                seenCount[slot]++;
                seenMillis[slot] = recent.timeMillis(n);
                seenPlace[slot] = n;
                if (recent.type(n) == PURCHASE) {
                    boughtMillis[slot] = recent.timeMillis(n);
                }
            }
        }
    }

    private void noteShown(ShownItems shown) {
        for (int n = 0; n < shown.size(); n++) {
            int slot = table.slot(shown.itemKey(n));
            if (slot != ItemTable.NO_SLOT) {
                shownCount[slot] = (byte) shown.count(n);
            }
        }
    }

    private void forgetShown(ShownItems shown) {
        for (int n = 0; n < shown.size(); n++) {
            int slot = table.slot(shown.itemKey(n));
            if (slot != ItemTable.NO_SLOT) {
                shownCount[slot] = 0;
            }
        }
    }

    private void forgetSeen(RecentSlots slots) {
        for (int n = 0; n < slots.size(); n++) {
            if (slots.slot(n) != RecentSlots.NONE) {
                seenCount[slots.slot(n)] = 0;
                boughtMillis[slots.slot(n)] = NEVER;
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
            seenCount = Arrays.copyOf(seenCount, length);
            shownCount = Arrays.copyOf(shownCount, length);
            seenMillis = Arrays.copyOf(seenMillis, length);
            seenPlace = Arrays.copyOf(seenPlace, length);
            boughtMillis = Arrays.copyOf(boughtMillis, length);
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
