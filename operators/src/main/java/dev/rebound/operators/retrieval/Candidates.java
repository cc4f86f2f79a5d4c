package dev.rebound.operators.retrieval;

/** The candidates of one user in retrieval order. Mutable, used again for the next user. */
public final class Candidates {
    /** Why an item is a candidate: bits of {@link #sources}. */
    public static final int CO_VISITATION = 1;

    public static final int CATEGORY = 2;
    public static final int NEW_IN_CATEGORY = 4;
    public static final int TRENDING = 8;
    public static final int REQUESTED = 16;
    public static final int SESSIONS = 32;
    public static final int SEEN = 64;
    public static final int EMBEDDING = 128;

    public final int[] slots;
    public final int[] sources;
    /** Share of transitions from the context item, or else the newest item. */
    public final float[] covisitLast;
    /** Weighted shares summed over recent items. */
    public final float[] covisitRecent;
    /** Score by {@link SessionNeighbours}. */
    public final float[] session;

    /** Dot product of the user's vector and the item's. */
    public final float[] embedding;

    /** BM25 of the query's words; log1p. */
    public final float[] lexicalScore;
    /** Share of the weight of the query's words. */
    public final float[] lexicalShare;
    /** How much users took the item after the query. */
    public final float[] queryItem;
    /** How much users took items of its category after the query. */
    public final float[] queryCategory;
    /** How well it answers the query, by all of these. */
    public final float[] relevance;

    private boolean answer;
    private float bestSession;
    private float bestEmbedding;
    private int size;

    public Candidates(int capacity) {
        slots = new int[capacity];
        sources = new int[capacity];
        covisitLast = new float[capacity];
        covisitRecent = new float[capacity];
        session = new float[capacity];
        embedding = new float[capacity];
        lexicalScore = new float[capacity];
        lexicalShare = new float[capacity];
        queryItem = new float[capacity];
        queryCategory = new float[capacity];
        relevance = new float[capacity];
    }

    public int size() {
        return size;
    }

    boolean isFull() {
        return size == slots.length;
    }

    /** The best score by sessions of any item, a candidate or not. */
    public float bestSession() {
        return bestSession;
    }

    /** Whether the user and the items have vectors. */
    public boolean hasEmbeddings() {
        return !Float.isNaN(bestEmbedding);
    }

    /** The greatest dot product of any offered item, a candidate or not; NaN where there are no vectors. */
    public float bestEmbedding() {
        return bestEmbedding;
    }

    /** Leaves none. */
    public void clear() {
        size = 0;
        bestSession = 0;
        bestEmbedding = Float.NaN;
        answer = false;
    }

    /** Whether something is searched for, and a candidate matches. */
    public boolean isAnswerToQuery() {
        return answer;
    }

    /** Says of the candidate added last how well it answers a query. */
    void answers(float score, float share, float itemAffinity, float categoryAffinity, float overall) {
        int c = size - 1;
        lexicalScore[c] = score;
        lexicalShare[c] = share;
        queryItem[c] = itemAffinity;
        queryCategory[c] = categoryAffinity;
        relevance[c] = overall;
        answer = true;
    }

    void bestSession(float score) {
        bestSession = score;
    }

    void bestEmbedding(float score) {
        bestEmbedding = score;
    }

    /** Takes over the candidates of another model, with how they fit by the vectors of one's own. */
    public void copy(Candidates other, EmbeddingMatches matches) {
        System.arraycopy(other.slots, 0, slots, 0, other.size);
        System.arraycopy(other.covisitLast, 0, covisitLast, 0, other.size);
        System.arraycopy(other.covisitRecent, 0, covisitRecent, 0, other.size);
        System.arraycopy(other.session, 0, session, 0, other.size);
        System.arraycopy(other.lexicalScore, 0, lexicalScore, 0, other.size);
        System.arraycopy(other.lexicalShare, 0, lexicalShare, 0, other.size);
        System.arraycopy(other.queryItem, 0, queryItem, 0, other.size);
        System.arraycopy(other.queryCategory, 0, queryCategory, 0, other.size);
        System.arraycopy(other.relevance, 0, relevance, 0, other.size);
        for (int c = 0; c < other.size; c++) {
            embedding[c] = matches.score(slots[c]);
            sources[c] = (other.sources[c] & ~EMBEDDING) | (isNear(matches, slots[c]) ? EMBEDDING : 0);
        }
        size = other.size;
        answer = other.answer;
        bestSession = other.bestSession;
        bestEmbedding = matches.size() > 0 ? matches.score(matches.slot(0)) : Float.NaN;
    }

    private static boolean isNear(EmbeddingMatches matches, int slot) {
        for (int n = 0; n < matches.size(); n++) {
            if (matches.slot(n) == slot) {
                return true;
            }
        }
        return false;
    }

    /** Adds an item of which it is not known by what it was found. */
    public void add(int slot) {
        add(slot, 0, 0, 0, 0, 0);
    }

    void add(int slot, int source, float last, float recent, float sessionScore, float embeddingScore) {
        slots[size] = slot;
        sources[size] = source;
        covisitLast[size] = last;
        covisitRecent[size] = recent;
        session[size] = sessionScore;
        embedding[size] = embeddingScore;
        lexicalScore[size] = 0;
        lexicalShare[size] = 0;
        queryItem[size] = 0;
        queryCategory[size] = 0;
        relevance[size] = 0;
        size++;
    }
}
