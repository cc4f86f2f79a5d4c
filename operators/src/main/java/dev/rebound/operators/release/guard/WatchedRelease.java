package dev.rebound.operators.release.guard;

import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.operators.serialization.Wire;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * The newest release of a version, what was done about it, and, while it scores, what was seen of it. A version that does
 * not score is about 300 bytes; its release is kept so that older ones are known for what they are.
 */
final class WatchedRelease {
    /** What is done once a release. */
    enum Done {
        ROLLED_BACK,
        PROMOTED,
        DRIFT_ALERT
    }

    final ModelRelease release;
    /** Null while it does not score. */
    @Nullable
    Evidence evidence;

    private int done;

    WatchedRelease(ModelRelease release) {
        this.release = release;
    }

    /** The key on the topics. */
    String key() {
        return ReleasePlan.key(release);
    }

    boolean is(ReleaseStage stage) {
        return release.getStage() == stage;
    }

    boolean has(Done what) {
        return (done & 1 << what.ordinal()) != 0;
    }

    void set(Done what) {
        done |= 1 << what.ordinal();
    }

    void write(DataOutputView out) throws IOException {
        Wire.writeBytes(RecordCodec.of(ModelRelease.class).encode(release), out);
        out.writeByte(done);
        out.writeBoolean(evidence != null);
        if (evidence != null) {
            evidence.write(out);
        }
    }

    static WatchedRelease read(DataInputView in) throws IOException {
        try {
            WatchedRelease read =
                    new WatchedRelease(RecordCodec.of(ModelRelease.class).decode(Wire.readBytes(in), null));
            read.done = in.readByte();
            if (in.readBoolean()) {
                read.evidence = new Evidence();
                read.evidence.read(in);
            }
            return read;
        } catch (UndecodableRecordException e) {
            throw new IOException("The guard's state has a release that cannot be read", e);
        }
    }
}
