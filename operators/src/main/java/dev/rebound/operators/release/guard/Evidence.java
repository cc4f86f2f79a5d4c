package dev.rebound.operators.release.guard;

import dev.rebound.operators.release.VersionHealth;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What was seen of a version since the traffic was last split anew: 30 KiB, in state about 10. */
final class Evidence {
    final OutcomeSums outcomes = new OutcomeSums();
    final DistinctUsers users = new DistinctUsers();
    final HealthSums health = new HealthSums();

    private final HealthSums thisMinute = new HealthSums();
    private final HealthSums lastMinute = new HealthSums();

    /** Processing time from which on lists and batches count, milliseconds. */
    long sinceMillis;
    /** Number of the comparison while it is a canary, from 1 on. */
    int comparison = 1;
    /** Lists of which the outcome is known. */
    long lists;

    void add(VersionOutcome outcome) {
        if (outcome.scoredMillis < sinceMillis) {
            return;
        }
        outcomes.add(outcome.userHash, outcome.impressions, outcome.clicks, outcome.conversions);
        users.add(outcome.userHash);
        lists++;
    }

    void add(VersionHealth seen) {
        if (seen.timeMillis < sinceMillis) {
            return;
        }
        health.add(seen);
        thisMinute.add(seen);
    }

    /** Begins a minute. */
    void turnMinute() {
        lastMinute.clear();
        lastMinute.add(thisMinute);
        thisMinute.clear();
    }

    /** Batches and their times of this minute and the one before. */
    HealthSums recent() {
        HealthSums recent = new HealthSums();
        recent.add(lastMinute);
        recent.add(thisMinute);
        return recent;
    }

    /** Forgets all that was seen. */
    void restart(long nowMillis, int number) {
        sinceMillis = nowMillis;
        comparison = number;
        lists = 0;
        outcomes.clear();
        users.clear();
        health.clear();
        thisMinute.clear();
        lastMinute.clear();
    }

    void write(DataOutputView out) throws IOException {
        out.writeLong(sinceMillis);
        Wire.writeCount(comparison, out);
        Wire.writeLongCount(lists, out);
        outcomes.write(out);
        users.write(out);
        health.write(out);
        thisMinute.write(out);
        lastMinute.write(out);
    }

    void read(DataInputView in) throws IOException {
        sinceMillis = in.readLong();
        comparison = Wire.readCount(in);
        lists = Wire.readLongCount(in);
        outcomes.read(in);
        users.read(in);
        health.read(in);
        thisMinute.read(in);
        lastMinute.read(in);
    }
}
