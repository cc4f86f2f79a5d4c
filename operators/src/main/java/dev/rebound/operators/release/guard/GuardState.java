package dev.rebound.operators.release.guard;

import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** All that the guard knows: 300 bytes a version, of at most 64, and 10 KiB more for each of the three that score. */
public final class GuardState {
    /** By model and version. */
    final Map<String, WatchedRelease> releases = new TreeMap<>();

    /** Which releases share the traffic; a change begins all comparisons anew. */
    String split = "";

    /** Processing time at which the current minute of the evidence began, milliseconds. */
    long minuteBeganMillis;

    void write(DataOutputView out) throws IOException {
        Wire.writeString(split, out);
        out.writeLong(minuteBeganMillis);
        Wire.writeCount(releases.size(), out);
        for (WatchedRelease each : releases.values()) {
            each.write(out);
        }
    }

    void read(DataInputView in) throws IOException {
        split = Wire.readRequiredString(in);
        minuteBeganMillis = in.readLong();
        releases.clear();
        for (int count = Wire.readCount(in); count > 0; count--) {
            WatchedRelease each = WatchedRelease.read(in);
            releases.put(each.key(), each);
        }
    }
}
