package dev.rebound.operators.user;

import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The ids of a user's latest events, so that a second one with the same id is known. An id is kept while the user's own
 * clock (the greatest event time seen) advances by the window, whatever the event's own time was: a late event is
 * guarded as long as an early one. At most {@link #CAPACITY} ids are kept, the oldest going first, and the latest
 * {@link #LEAST} are kept whatever the clock says: one event from a producer whose clock runs ahead would else forget all
 * others, and let in what is sent a second time. 12 bytes an id.
 */
public final class DuplicateWindow {
    /** Most ids a user; 12 KiB of state. */
    public static final int CAPACITY = 1024;

    /** Ids that no clock drives out; 384 bytes of state. */
    public static final int LEAST = 32;

    /** Seconds are counted from 2000-01-01, so that an int reaches to 2068. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private long[] ids = new long[8];
    private int[] clockSeconds = new int[8];
    private int from;
    private int to;

    /**
     * Notes an id unless it is known.
     *
     * @param id 64-bit hash of the event id
     * @param clockMillis the user's clock
     * @param windowMillis how long ids are kept
     * @return whether it was new
     */
    public boolean add(long id, long clockMillis, long windowMillis) {
        for (int i = to - 1; i >= from; i--) {
            if (ids[i] == id) {
                return false;
            }
        }
        long expired = (clockMillis - windowMillis) / 1000 - EPOCH_SECONDS;
        while (to - from >= CAPACITY || (to - from >= LEAST && clockSeconds[from] < expired)) {
            from++;
        }
        makeRoom();
        ids[to] = id;
        clockSeconds[to++] = (int) (clockMillis / 1000 - EPOCH_SECONDS);
        return true;
    }

    private void makeRoom() {
        if (to < ids.length) {
            return;
        }
        int size = to - from;
        int length = size * 2 > ids.length ? ids.length * 2 : ids.length;
        long[] movedIds = new long[length];
        int[] movedClocks = new int[length];
        System.arraycopy(ids, from, movedIds, 0, size);
        System.arraycopy(clockSeconds, from, movedClocks, 0, size);
        ids = movedIds;
        clockSeconds = movedClocks;
        from = 0;
        to = size;
    }

    int size() {
        return to - from;
    }

    void write(DataOutputView out) throws IOException {
        Wire.writeCount(size(), out);
        for (int i = from; i < to; i++) {
            out.writeLong(ids[i]);
            out.writeInt(clockSeconds[i]);
        }
    }

    void read(DataInputView in) throws IOException {
        from = 0;
        to = Wire.readCount(in);
        if (ids.length < to) {
            int length = Math.max(8, Integer.highestOneBit(to) * 2);
            ids = Arrays.copyOf(ids, length);
            clockSeconds = Arrays.copyOf(clockSeconds, length);
        }
        for (int i = 0; i < to; i++) {
            ids[i] = in.readLong();
            clockSeconds[i] = in.readInt();
        }
    }
}
