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

    public final int[] slots;
    public final int[] sources;
    /** Share of transitions from the context item, or else the newest item. */
    public final float[] covisitLast;
    /** Weighted shares summed over recent items. */
    public final float[] covisitRecent;
    /** Score by {@link SessionNeighbours}. */
    public final float[] session;

    private float bestSession;
    private int size;

    public Candidates(int capacity) {
        slots = new int[capacity];
        sources = new int[capacity];
        covisitLast = new float[capacity];
        covisitRecent = new float[capacity];
        session = new float[capacity];
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

    void clear() {
        size = 0;
        bestSession = 0;
    }

    void bestSession(float score) {
        bestSession = score;
    }

    void add(int slot, int source, float last, float recent, float sessionScore) {
        slots[size] = slot;
        sources[size] = source;
        covisitLast[size] = last;
        covisitRecent[size] = recent;
        session[size] = sessionScore;
        size++;
    }
}
