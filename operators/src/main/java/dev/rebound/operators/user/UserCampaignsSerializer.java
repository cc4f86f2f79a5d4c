package dev.rebound.operators.user;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** State format of {@link UserCampaigns}, version 1. */
public final class UserCampaignsSerializer extends RecordSerializer<UserCampaigns> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;

    public UserCampaignsSerializer() {
        super("user-campaigns", VERSION);
    }

    @Override
    public UserCampaigns createInstance() {
        return new UserCampaigns();
    }

    @Override
    public void serialize(UserCampaigns campaigns, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        Wire.writeCount(campaigns.size, out);
        for (int i = 0; i < campaigns.size; i++) {
            out.writeLong(campaigns.keys[i]);
            Wire.writeCount(campaigns.impressions[i], out);
            Wire.writeCount(campaigns.redemptions[i], out);
        }
    }

    @Override
    public UserCampaigns deserialize(UserCampaigns reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("A user's campaigns of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.size = Wire.readCount(in);
        for (int i = 0; i < reuse.size; i++) {
            reuse.keys[i] = in.readLong();
            reuse.impressions[i] = Wire.readCount(in);
            reuse.redemptions[i] = Wire.readCount(in);
        }
        return reuse;
    }
}
