package dev.rebound.operators.scoring;

import dev.rebound.operators.campaigns.CampaignUpdateSerializer;
import dev.rebound.operators.item.ItemUpdateSerializer;
import dev.rebound.operators.release.ModelReleaseSerializer;
import dev.rebound.operators.serialization.RecordSerializer;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.util.Preconditions;

/** Moves {@link SideInput}s between tasks. */
final class SideInputSerializer extends RecordSerializer<SideInput> {
    private static final long serialVersionUID = 1L;
    private static final int ITEM = 0;
    private static final int CAMPAIGN = 1;
    private static final int RELEASE = 2;

    private final ItemUpdateSerializer items = new ItemUpdateSerializer();
    private final CampaignUpdateSerializer campaigns = new CampaignUpdateSerializer();
    private final ModelReleaseSerializer releases = new ModelReleaseSerializer();

    @Override
    public SideInput createInstance() {
        return new SideInput();
    }

    @Override
    public void serialize(SideInput input, DataOutputView out) throws IOException {
        if (input.item != null) {
            out.writeByte(ITEM);
            items.serialize(input.item, out);
        } else if (input.campaign != null) {
            out.writeByte(CAMPAIGN);
            campaigns.serialize(input.campaign, out);
        } else {
            out.writeByte(RELEASE);
            releases.serialize(Preconditions.checkNotNull(input.release), out);
        }
    }

    @Override
    public SideInput deserialize(SideInput reuse, DataInputView in) throws IOException {
        int part = in.readByte();
        switch (part) {
            case ITEM -> reuse.item(items.deserialize(in));
            case CAMPAIGN -> reuse.campaign(campaigns.deserialize(in));
            case RELEASE -> reuse.release(releases.deserialize(in));
            default -> throw new IOException("A side input of an unknown part, " + part);
        }
        return reuse;
    }
}
