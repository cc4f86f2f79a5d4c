package dev.rebound.operators.release.guard;

import dev.rebound.operators.release.ModelReleaseSerializer;
import dev.rebound.operators.release.VersionHealthSerializer;
import dev.rebound.operators.serialization.RecordSerializer;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.util.Preconditions;

/** Moves {@link GuardSignal}s between tasks. */
public final class GuardSignalSerializer extends RecordSerializer<GuardSignal> {
    private static final long serialVersionUID = 1L;
    private static final int OUTCOME = 0;
    private static final int HEALTH = 1;
    private static final int RELEASE = 2;

    private final VersionOutcomeSerializer outcomes = new VersionOutcomeSerializer();
    private final VersionHealthSerializer healths = new VersionHealthSerializer();
    private final ModelReleaseSerializer releases = new ModelReleaseSerializer();

    @Override
    public GuardSignal createInstance() {
        return new GuardSignal();
    }

    @Override
    public void serialize(GuardSignal signal, DataOutputView out) throws IOException {
        if (signal.outcome != null) {
            out.writeByte(OUTCOME);
            outcomes.serialize(signal.outcome, out);
        } else if (signal.health != null) {
            out.writeByte(HEALTH);
            healths.serialize(signal.health, out);
        } else {
            out.writeByte(RELEASE);
            releases.serialize(Preconditions.checkNotNull(signal.release), out);
        }
    }

    @Override
    public GuardSignal deserialize(GuardSignal reuse, DataInputView in) throws IOException {
        int kind = in.readByte();
        reuse.outcome = kind == OUTCOME ? outcomes.deserialize(in) : null;
        reuse.health = kind == HEALTH ? healths.deserialize(in) : null;
        reuse.release = kind == RELEASE ? releases.deserialize(in) : null;
        return reuse;
    }
}
