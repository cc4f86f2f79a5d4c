package dev.rebound.operators.retrieval;

import dev.rebound.operators.user.UserFeatures;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;

/**
 * The latest sessions of all users, and which of them hold an item. Bounded: a new session takes the place of the
 * oldest, a session keeps its latest {@link #SESSION_LENGTH} items, an item its latest {@link #SESSIONS_AN_ITEM}
 * sessions. About 150 bytes a session. Allocates nothing a search; owned by one thread.
 */
public final class SessionIndex {
    /** Most items of a session. */
    public static final int SESSION_LENGTH = UserFeatures.SESSION_ITEMS;

    /** Most sessions that are found by one item. */
    public static final int SESSIONS_AN_ITEM = 256;

    private static final int FIRST_POSTINGS = 4;

    private final int capacity;
    private final int[] items;
    private final byte[] sizes;
    private final long[] keys;
    private final int[] foundBy;
    private final Long2IntOpenHashMap places = new Long2IntOpenHashMap();
    private int[][] postings = new int[1024][];
    private int[] postingCounts = new int[1024];
    private int next;
    private boolean full;
    private int search;

    /** @param capacity most sessions */
    public SessionIndex(int capacity) {
        this.capacity = capacity;
        this.items = new int[capacity * SESSION_LENGTH];
        this.sizes = new byte[capacity];
        this.keys = new long[capacity];
        this.foundBy = new int[capacity];
        places.defaultReturnValue(-1);
    }

    /**
     * Adds an item to the end of a session.
     *
     * @param sessionKey any number that no other session has
     */
    public void append(long sessionKey, int slot) {
        int place = places.get(sessionKey);
        if (place < 0) {
            place = begin(sessionKey);
        }
        int size = sizes[place];
        int from = place * SESSION_LENGTH;
        boolean isNew = !holds(place, slot);
        if (size == SESSION_LENGTH) {
            System.arraycopy(items, from + 1, items, from, --size);
        }
        items[from + size] = slot;
        sizes[place] = (byte) (size + 1);
        if (isNew) {
            post(slot, place);
        }
    }

    /** Makes a session hold these items, in the order in which they came; at most {@link #SESSION_LENGTH}, none to erase it. */
    public void put(long sessionKey, int[] slots, int size) {
        int place = places.get(sessionKey);
        if (place < 0 && size == 0) {
            return;
        }
        if (place < 0) {
            place = begin(sessionKey);
        }
        for (int i = 0; i < size; i++) {
            if (!holds(place, slots[i])) {
                post(slots[i], place);
            }
        }
        System.arraycopy(slots, 0, items, place * SESSION_LENGTH, size);
        sizes[place] = (byte) size;
    }

    private boolean holds(int place, int slot) {
        int from = place * SESSION_LENGTH;
        for (int i = from; i < from + sizes[place]; i++) {
            if (items[i] == slot) {
                return true;
            }
        }
        return false;
    }

    private int begin(long sessionKey) {
        int place = next;
        if (full) {
            places.remove(keys[place]);
        }
        next = (next + 1) % capacity;
        full |= next == 0;
        places.put(sessionKey, place);
        keys[place] = sessionKey;
        sizes[place] = 0;
        return place;
    }

    private void post(int slot, int place) {
        if (slot >= postings.length) {
            postings = Arrays.copyOf(postings, slot * 2);
            postingCounts = Arrays.copyOf(postingCounts, slot * 2);
        }
        int[] own = postings[slot];
        int count = postingCounts[slot]++;
        if (own == null) {
            own = new int[FIRST_POSTINGS];
            postings[slot] = own;
        } else if (count == own.length && count < SESSIONS_AN_ITEM) {
            own = Arrays.copyOf(own, count * 2);
            postings[slot] = own;
        }
        own[count % own.length] = place;
        if (count == 2 * SESSIONS_AN_ITEM) {
            // The same place in a ring of that length: a count that only rose would wrap round.
            postingCounts[slot] -= SESSIONS_AN_ITEM;
        }
    }

    /** Forgets what earlier searches have found. */
    void beginSearch() {
        search++;
    }

    /**
     * Finds sessions in which an item was, the latest first, that this search has not found yet and nobody has erased.
     *
     * @param found receives places, from {@code count} on
     * @return the new count, at most {@code found.length}
     */
    int find(int slot, int[] found, int count) {
        if (slot >= postings.length || postings[slot] == null) {
            return count;
        }
        int[] own = postings[slot];
        int newest = postingCounts[slot] - 1;
        int oldest = Math.max(0, newest - own.length + 1);
        int size = count;
        for (int i = newest; i >= oldest && size < found.length; i--) {
            int place = own[i % own.length];
            if (foundBy[place] != search && sizes[place] > 0) {
                foundBy[place] = search;
                found[size++] = place;
            }
        }
        return size;
    }

    /** Items of a session. */
    int size(int place) {
        return sizes[place];
    }

    /** The i-th item of a session, the oldest first. */
    int slot(int place, int i) {
        return items[place * SESSION_LENGTH + i];
    }

    /** Whether a session is the one of a key. */
    boolean is(int place, long sessionKey) {
        return keys[place] == sessionKey;
    }
}
