package dev.rebound.operators.campaigns;

import dev.rebound.operators.serialization.RecordSerializer;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** State format of {@link CampaignState}, version 1. */
public final class CampaignStateSerializer extends RecordSerializer<CampaignState> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;

    public CampaignStateSerializer() {
        super("campaign", VERSION);
    }

    @Override
    public CampaignState createInstance() {
        return new CampaignState();
    }

    @Override
    public void serialize(CampaignState state, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        out.writeBoolean(state.entry != null);
        if (state.entry != null) {
            state.entry.write(out);
        }
        out.writeLong(state.spentMinor);
        out.writeLong(state.redemptions);
        out.writeLong(state.unpriced);
    }

    @Override
    public CampaignState deserialize(CampaignState reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("Campaign state of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.entry = in.readBoolean() ? CampaignEntry.read(in) : null;
        reuse.spentMinor = in.readLong();
        reuse.redemptions = in.readLong();
        reuse.unpriced = in.readLong();
        return reuse;
    }
}
