package dev.rebound.operators.retrieval;

import dev.rebound.operators.item.QueryKey;
import dev.rebound.operators.retrieval.ItemTable.Item;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds what answers a query, and tells how well: by its words (BM25: Robertson, Walker, Jones, Hancock-Beaulieu, Gatford,
 * "Okapi at TREC-3", 1994, with the parameters of Lucene; an item has a term once or not at all), by the items that users
 * took after it, and by the categories of those. What is known of the whole query counts as far as it is sure, what is
 * known of its words makes up the rest (as Dirichlet smoothing does: Zhai, Lafferty, SIGIR 2001). Allocates nothing a
 * query; owned by one thread.
 */
final class QueryRelevance {
    /** Items looked at for one query, those of the rarest words first: a word that all items have tells nothing. */
    private static final int MOST_POSTINGS = 10_000;

    private static final float K1 = 1.2f;
    private static final float B = 0.75f;

    /** So much weight taken after a query makes what is known of it half sure. */
    private static final float PRIOR = 5;

    /** What popularity is worth where many items have the same words; to be most popular of all is worth all of it. */
    private static final float POPULARITY = 0.1f;

    private final ItemTable table;
    private final PopularItems popular;
    private float[] termWeights = new float[1024];
    private int[] terms = new int[16];
    private int termCount;
    private float totalWeight;
    private float[] itemAffinity = new float[1024];
    private int[] taken = new int[1024];
    private int takenCount;
    private float[] categoryAffinity = new float[64];
    private int[] foundBy = new int[1024];
    private final ScoreOrder found = new ScoreOrder(1024);
    private int search;

    QueryRelevance(ItemTable table, PopularItems popular) {
        this.table = table;
        this.popular = popular;
    }

    /**
     * Makes this about a query, and forgets the last one.
     *
     * @param hashes of its words, each once; empty for no query, which nothing answers
     */
    void of(int[] hashes, long nowMillis) {
        forget();
        if (hashes.length == 0) {
            return;
        }
        makeRoom(hashes.length);
        for (int hash : hashes) {
            int term = table.terms().find(hash);
            totalWeight += weight(term);
            if (term >= 0) {
                termWeights[term] = weight(term);
                terms[termCount++] = term;
            }
        }
        if (totalWeight > 0) {
            learned(hashes, nowMillis);
        }
    }

    private float weight(int term) {
        return term < 0 ? table.terms().unknownWeight() : table.terms().weight(term);
    }

    private void forget() {
        for (int i = 0; i < termCount; i++) {
            termWeights[terms[i]] = 0;
        }
        for (int i = 0; i < takenCount; i++) {
            itemAffinity[taken[i]] = 0;
        }
        if (takenCount > 0) {
            Arrays.fill(categoryAffinity, 0);
        }
        termCount = 0;
        takenCount = 0;
        totalWeight = 0;
        found.clear();
    }

    private void makeRoom(int words) {
        if (terms.length < words) {
            terms = new int[words];
        }
        if (termWeights.length < table.terms().size()) {
            termWeights = new float[table.terms().size() * 2];
        }
        if (itemAffinity.length < table.size()) {
            int length = table.size() * 2;
            itemAffinity = new float[length];
            taken = new int[length];
            foundBy = new int[length];
        }
        if (categoryAffinity.length < table.categoryCount()) {
            categoryAffinity = new float[table.categoryCount() * 2];
        }
    }

    private void learned(int[] hashes, long nowMillis) {
        float rest = 1 - add(table.choices().after(QueryKey.of(hashes)), 1, nowMillis);
        if (hashes.length == 1) {
            return;
        }
        for (int hash : hashes) {
            float share = weight(table.terms().find(hash)) / totalWeight;
            add(table.choices().after(QueryKey.of(hash)), rest * share, nowMillis);
        }
    }

    /** Adds what was taken, and returns how sure it is. */
    private float add(QueryChoices.@Nullable Taken after, float scale, long nowMillis) {
        if (after == null) {
            return 0;
        }
        float confidence = after.confidence(nowMillis, PRIOR);
        for (int i = 0; i < after.slots().length; i++) {
            int slot = after.slots()[i];
            float affinity = scale * confidence * after.shares()[i];
            if (itemAffinity[slot] == 0) {
                taken[takenCount++] = slot;
            }
            itemAffinity[slot] += affinity;
            Item item = table.item(slot);
            if (item != null && item.category != ItemTable.NO_INDEX) {
                categoryAffinity[item.category] += affinity;
            }
        }
        return confidence;
    }

    /** Finds the items that answer the query; returns how many. */
    int find() {
        search++;
        rarestFirst();
        int left = MOST_POSTINGS;
        for (int i = 0; i < termCount && left > 0; i++) {
            int count = table.postings().count(terms[i]);
            int most = Math.min(count, left);
            for (int n = count - most; n < count; n++) {
                find(table.postings().slot(terms[i], n));
            }
            left -= most;
        }
        for (int i = 0; i < takenCount; i++) {
            find(taken[i]);
        }
        found.sort();
        return found.size();
    }

    private void find(int slot) {
        Item item = table.item(slot);
        if (foundBy[slot] == search || item == null || !item.offered) {
            return;
        }
        foundBy[slot] = search;
        found.add(slot, relevance(item, slot));
    }

    private void rarestFirst() {
        for (int i = 1; i < termCount; i++) {
            int term = terms[i];
            int at = i;
            while (at > 0
                    && table.postings().count(terms[at - 1]) > table.postings().count(term)) {
                terms[at] = terms[at - 1];
                at--;
            }
            terms[at] = term;
        }
    }

    /** The i-th best of what was found. */
    int found(int i) {
        return found.number(i);
    }

    /** Tells of the candidate added last how well it answers the query, if it does. */
    void describe(Item item, int slot, Candidates out) {
        if (totalWeight == 0) {
            return;
        }
        float matched = matched(item);
        float byItem = itemAffinity[slot];
        float byCategory = categoryAffinity[item.category];
        if (matched > 0 || byItem > 0 || byCategory > 0) {
            float score = (float) Math.log(1 + bm25(item, matched));
            out.answers(score, matched / totalWeight, byItem, byCategory, relevance(item, slot));
        }
    }

    private float relevance(Item item, int slot) {
        float popularity = POPULARITY * (float) (1 - 1 / (1 + popular.timesTheMean(item)));
        float lexical = bm25(item, matched(item)) / totalWeight;
        return lexical + itemAffinity[slot] + categoryAffinity[item.category] + popularity;
    }

    /** Weight of the query's words that the item has. */
    private float matched(Item item) {
        float sum = 0;
        for (int term : item.terms) {
            sum += termWeights[term];
        }
        return sum;
    }

    private float bm25(Item item, float matched) {
        return matched
                / (1 + K1 * (1 - B + B * item.terms.length / table.postings().meanLength()));
    }
}
