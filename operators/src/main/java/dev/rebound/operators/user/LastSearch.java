package dev.rebound.operators.user;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignalCollector;
import dev.rebound.operators.item.QueryKey;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a user searched for last, as hashes of words, so that what the user then takes tells what the words mean. At most
 * 70 bytes, 17 without a search.
 */
public final class LastSearch {
    private static final int[] NOTHING = {};

    /** The answer that an event names tells best; where it names none, the time tells. */
    private static final long SURE_MILLIS = UserFeatures.SESSION_GAP_MILLIS;

    private static final long LIKELY_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long NO_REQUEST = 0;

    private int[] terms = NOTHING;
    private long requestHash = NO_REQUEST;
    private long timeMillis;
    private int choices;

    /** Notes a SEARCH event or request; whichever of the two comes second adds to the first. */
    void search(UserSignal signal) {
        long request = request(signal);
        if (signal.queryTerms.length == 0 || (terms.length > 0 && signal.timeMillis < timeMillis)) {
            return;
        }
        if (repeats(signal)) {
            requestHash = request == NO_REQUEST ? requestHash : request;
            return;
        }
        terms = signal.queryTerms;
        requestHash = request;
        timeMillis = signal.timeMillis;
        choices = 0;
    }

    private static long request(UserSignal signal) {
        String id = signal.kind == UserSignal.Kind.REQUEST ? signal.id : signal.requestId;
        return id == null ? NO_REQUEST : ItemKey.hash(id);
    }

    /** Whether a SEARCH signal says what is known of this search already: a shop sends an event and a request. */
    public boolean repeats(UserSignal signal) {
        return choices == 0
                && Arrays.equals(terms, signal.queryTerms)
                && Math.abs(signal.timeMillis - timeMillis) <= LIKELY_MILLIS;
    }

    /** Whether the user did something because of this search. */
    public boolean leadsTo(UserSignal event) {
        long after = event.timeMillis - timeMillis;
        if (terms.length == 0 || after < 0) {
            return false;
        }
        return event.requestId == null
                ? after <= LIKELY_MILLIS
                : after <= SURE_MILLIS && ItemKey.hash(event.requestId) == requestHash;
    }

    /** Tells the item stage what the user took; later things taken count less. */
    void choose(UserSignal event, ItemSignalCollector items) {
        float weight = Interaction.weight(event.type) / ++choices;
        items.queryChoice(QueryKey.of(terms), event.itemKey, weight, event.timeMillis);
        if (terms.length > 1) {
            for (int term : terms) {
                items.queryChoice(QueryKey.of(term), event.itemKey, weight, event.timeMillis);
            }
        }
    }

    void write(DataOutputView out) throws IOException {
        Wire.writeInts(terms, out);
        out.writeLong(requestHash);
        out.writeLong(timeMillis);
        Wire.writeCount(choices, out);
    }

    void read(DataInputView in) throws IOException {
        terms = Wire.readInts(in);
        requestHash = in.readLong();
        timeMillis = in.readLong();
        choices = Wire.readCount(in);
    }

    /** Forgets it. */
    void clear() {
        terms = NOTHING;
        requestHash = NO_REQUEST;
        timeMillis = 0;
        choices = 0;
    }
}
