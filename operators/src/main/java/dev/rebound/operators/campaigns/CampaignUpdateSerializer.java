package dev.rebound.operators.campaigns;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Moves {@link CampaignUpdate}s between tasks: 10 bytes for a budget, more for a whole campaign. */
public final class CampaignUpdateSerializer extends RecordSerializer<CampaignUpdate> {
    private static final long serialVersionUID = 1L;
    private static final CampaignUpdate.Kind[] KINDS = CampaignUpdate.Kind.values();

    @Override
    public CampaignUpdate createInstance() {
        return new CampaignUpdate();
    }

    @Override
    public void serialize(CampaignUpdate update, DataOutputView out) throws IOException {
        out.writeByte(update.kind.ordinal());
        switch (update.kind) {
            case CAMPAIGN -> {
                out.writeLong(update.campaignKey);
                out.writeBoolean(update.spent);
                out.writeBoolean(update.entry != null);
                if (update.entry != null) {
                    update.entry.write(out);
                }
            }
            case SPENDING -> {
                out.writeLong(update.campaignKey);
                out.writeBoolean(update.spent);
            }
            case COMPLETE -> {
                Wire.writeCount(update.subtask, out);
                Wire.writeCount(update.subtasks, out);
            }
        }
    }

    @Override
    public CampaignUpdate deserialize(CampaignUpdate reuse, DataInputView in) throws IOException {
        reuse.kind = KINDS[in.readByte()];
        switch (reuse.kind) {
            case CAMPAIGN -> {
                reuse.campaignKey = in.readLong();
                reuse.spent = in.readBoolean();
                reuse.entry = in.readBoolean() ? CampaignEntry.read(in) : null;
            }
            case SPENDING -> {
                reuse.campaignKey = in.readLong();
                reuse.spent = in.readBoolean();
            }
            case COMPLETE -> {
                reuse.subtask = Wire.readCount(in);
                reuse.subtasks = Wire.readCount(in);
            }
        }
        return reuse;
    }
}
