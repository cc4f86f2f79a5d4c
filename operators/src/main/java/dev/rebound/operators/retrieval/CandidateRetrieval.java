package dev.rebound.operators.retrieval;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.Neighbours;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.schemas.EventType;
import java.time.Duration;
import java.util.Arrays;

/**
 * Finds what to rank for a user: items that others went to from the user's recent ones or had in sessions like the
 * user's, items whose vectors fit the user's best, the user's own recent items, popular and new items of the user's
 * categories, then trending items, in the {@link SourceShares}. What answers a query takes the place of all these. Allocates nothing a user; owned by one thread.
 */
public final class CandidateRetrieval {
    /** How many neighbours of the n-th newest item count: an older item is worth less work. */
    private static final int[] NEIGHBOURS_BY_AGE = {Neighbours.CAPACITY, 20, 20, 10, 10, 10, 10, 5, 5, 5};

    private static final SourceShares SHARES = SourceShares.DEFAULT;
    private static final float RECENT_DECAY = 0.8f;
    private static final float RECENT_WEIGHT_BESIDE_CONTEXT = 0.2f;
    private static final int CATEGORIES = 4;
    private static final int NEW_ITEMS = 3;

    /** What was just bought is no candidate. Later the model tells: consumables are bought again, and most else is not. */
    private static final long PURCHASE_REST_MILLIS = Duration.ofHours(1).toMillis();

    private static final int PURCHASE = EventType.PURCHASE.ordinal();

    private final ItemTable table;
    private final PopularItems popular;
    private final SessionNeighbours neighbours;
    private final QueryRelevance relevance;
    private long[] pinned = {};
    private int most = Integer.MAX_VALUE;
    private float[] last = new float[1024];
    private float[] recent = new float[1024];
    private int[] takenBy = new int[1024];
    private int[] nearBy = new int[1024];
    private int[] touched = new int[1024];
    private final ScoreOrder order = new ScoreOrder(1024);
    private int touchedCount;
    private int user;
    private EmbeddingMatches matches = EmbeddingMatches.NONE;

    public CandidateRetrieval(ItemTable table, PopularItems popular, SessionIndex sessions) {
        this.table = table;
        this.popular = popular;
        this.neighbours = new SessionNeighbours(sessions);
        this.relevance = new QueryRelevance(table, popular);
    }

    /** Retrieves for one user, in the place of what was in {@code out}. */
    public void retrieve(RetrievalRequest request, Candidates out) {
        begin(out);
        near(request.embeddings, out);
        coVisited(request.slots, table.slot(request.contextKey));
        neighbours.score(request.slots, request.ownSession, table.size());
        out.bestSession(bestSession());
        relevance.of(request.query, request.nowMillis);
        if (request.only != null) {
            requested(request.only, out);
        } else {
            takeFound(out);
            if (out.size() == 0) {
                takeFromSources(request, out);
            }
        }
        forget();
    }

    private void takeFromSources(RetrievalRequest request, Candidates out) {
        exclude(request.items, request.slots, table.slot(request.contextKey), request.nowMillis);
        int places = Math.min(most, out.slots.length) - pinned.length;
        takeFollowing(out.bestSession(), SHARES.untilFollowing(places), out);
        takeNear(SHARES.untilNear(places), out);
        takeSeen(request.slots, SHARES.untilSeen(places), out);
        takeCategories(request.interests, request.contextKey, SHARES.untilCategories(places), out);
        takeFrom(popular.trending(), Candidates.TRENDING, places, out);
        takePinned(out);
    }

    /** Makes items candidates of every user, unless a user just bought them; fewer than there is room for. */
    public void pin(long[] itemKeys) {
        pinned = itemKeys;
    }

    /** Finds no more than so many from now on, more than are pinned; of items that are given it takes all the same. */
    public void limit(int candidates) {
        most = candidates;
    }

    /** The items that it retrieves from. */
    public ItemTable table() {
        return table;
    }

    private void begin(Candidates out) {
        out.clear();
        user++;
        if (last.length < table.size()) {
            int length = table.size() * 2;
            last = Arrays.copyOf(last, length);
            recent = Arrays.copyOf(recent, length);
            takenBy = Arrays.copyOf(takenBy, length);
            nearBy = Arrays.copyOf(nearBy, length);
            touched = new int[length];
        }
    }

    private void near(EmbeddingMatches embeddings, Candidates out) {
        matches = embeddings;
        for (int n = 0; n < matches.size(); n++) {
            nearBy[matches.slot(n)] = user;
        }
        if (matches.size() > 0) {
            out.bestEmbedding(matches.score(matches.slot(0)));
        }
    }

    private void coVisited(RecentSlots slots, int contextSlot) {
        float weight = 1;
        if (contextSlot != RecentSlots.NONE) {
            addNeighbours(contextSlot, Neighbours.CAPACITY, 1, true);
            weight = RECENT_WEIGHT_BESIDE_CONTEXT;
        }
        for (int n = 0; n < Math.min(NEIGHBOURS_BY_AGE.length, slots.size()); n++) {
            boolean isLast = n == 0 && contextSlot == RecentSlots.NONE;
            addNeighbours(slots.slot(n), NEIGHBOURS_BY_AGE[n], weight, isLast);
            weight *= RECENT_DECAY;
        }
    }

    private void addNeighbours(int fromSlot, int most, float weight, boolean isLast) {
        Item from = fromSlot == RecentSlots.NONE ? null : table.item(fromSlot);
        if (from == null) {
            return;
        }
        for (int n = 0; n < Math.min(most, from.neighbours.length); n++) {
            int slot = from.neighbours[n];
            if (recent[slot] == 0) {
                touched[touchedCount++] = slot;
            }
            recent[slot] += weight * from.neighbourShares[n];
            if (isLast) {
                last[slot] = from.neighbourShares[n];
            }
        }
    }

    private void exclude(RecentItems items, RecentSlots slots, int contextSlot, long nowMillis) {
        exclude(contextSlot);
        for (int n = 0; n < items.size(); n++) {
            if (items.type(n) == PURCHASE && nowMillis - items.timeMillis(n) < PURCHASE_REST_MILLIS) {
                exclude(slots.slot(n));
            }
        }
    }

    private void exclude(int slot) {
        if (slot != RecentSlots.NONE) {
            takenBy[slot] = user;
        }
    }

    private void requested(long[] keys, Candidates out) {
        for (long key : keys) {
            int slot = table.slot(key);
            if (slot >= 0 && !out.isFull()) {
                take(slot, Candidates.REQUESTED, out);
            }
        }
    }

    private void takeFound(Candidates out) {
        int found = relevance.find();
        for (int i = 0; i < found && out.size() < most && !out.isFull(); i++) {
            take(relevance.found(i), 0, out);
        }
    }

    private float bestSession() {
        float best = 0;
        for (int i = 0; i < neighbours.size(); i++) {
            best = Math.max(best, neighbours.score(neighbours.slot(i)));
        }
        return best;
    }

    /** Takes what others went to, by transitions and by sessions: both scores are at most about 1, and added. */
    private void takeFollowing(float bestSession, int until, Candidates out) {
        order.clear();
        for (int i = 0; i < touchedCount; i++) {
            int slot = touched[i];
            order.add(slot, recent[slot] + relative(neighbours.score(slot), bestSession));
        }
        for (int i = 0; i < neighbours.size(); i++) {
            int slot = neighbours.slot(i);
            if (recent[slot] == 0) {
                order.add(slot, relative(neighbours.score(slot), bestSession));
            }
        }
        order.sort();
        for (int n = 0; n < order.size() && out.size() < until; n++) {
            take(order.number(n), 0, out);
        }
    }

    private static float relative(float score, float best) {
        return best == 0 ? 0 : score / best;
    }

    private void takeNear(int until, Candidates out) {
        for (int n = 0; n < matches.size() && out.size() < until; n++) {
            take(matches.slot(n), 0, out);
        }
    }

    private void takeSeen(RecentSlots slots, int until, Candidates out) {
        for (int n = 0; n < slots.size() && out.size() < until; n++) {
            if (slots.slot(n) != RecentSlots.NONE) {
                take(slots.slot(n), Candidates.SEEN, out);
            }
        }
    }

    private void takeCategories(UserInterests interests, long contextKey, int until, Candidates out) {
        Item context = contextKey == ItemKey.NONE ? null : table.byKey(contextKey);
        int lists = Math.min(CATEGORIES, interests.categoryCount()) + (context == null ? 0 : 1);
        int rest = lists;
        if (context != null) {
            takeCategory(context.category, (until - out.size()) / 2, out);
            rest--;
        }
        for (int n = 0; rest > 0; n++, rest--) {
            takeCategory(interests.category(n), Math.max(1, (until - out.size()) / rest), out);
        }
    }

    private void takeCategory(int category, int most, Candidates out) {
        int begin = out.size();
        takeFrom(popular.newInCategory(category), Candidates.NEW_IN_CATEGORY, begin + Math.min(NEW_ITEMS, most), out);
        takeFrom(popular.inCategory(category), Candidates.CATEGORY, begin + most, out);
    }

    private void takePinned(Candidates out) {
        for (long key : pinned) {
            int slot = table.slot(key);
            if (slot != ItemTable.NO_SLOT) {
                take(slot, 0, out);
            }
        }
    }

    private void takeFrom(int[] slots, int source, int until, Candidates out) {
        int limit = Math.min(until, out.slots.length);
        for (int i = 0; i < slots.length && out.size() < limit; i++) {
            take(slots[i], source, out);
        }
    }

    private void take(int slot, int source, Candidates out) {
        Item item = table.item(slot);
        if (takenBy[slot] == user || item == null || !item.offered) {
            return;
        }
        takenBy[slot] = user;
        float session = neighbours.score(slot);
        int sources = source
                | (recent[slot] > 0 ? Candidates.CO_VISITATION : 0)
                | (session > 0 ? Candidates.SESSIONS : 0)
                | (nearBy[slot] == user ? Candidates.EMBEDDING : 0);
        out.add(slot, sources, last[slot], recent[slot], session, matches.score(slot));
        relevance.describe(item, slot, out);
    }

    private void forget() {
        for (int i = 0; i < touchedCount; i++) {
            recent[touched[i]] = 0;
            last[touched[i]] = 0;
        }
        touchedCount = 0;
    }
}
