package dev.rebound.operators.features;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Moves {@link SideUpdate}s between tasks. */
public final class SideUpdateSerializer extends RecordSerializer<SideUpdate> {
    private static final long serialVersionUID = 1L;
    private static final SideUpdate.Kind[] KINDS = SideUpdate.Kind.values();
    private static final ItemStateSerializer ITEM = new ItemStateSerializer();
    private static final NeighboursSerializer QUERY = new NeighboursSerializer();

    public SideUpdateSerializer() {
        super(1);
    }

    @Override
    public SideUpdate createInstance() {
        return new SideUpdate();
    }

    @Override
    public void serialize(SideUpdate update, DataOutputView out) throws IOException {
        out.writeByte(update.kind.ordinal());
        switch (update.kind) {
            case ITEM -> {
                out.writeLong(update.itemKey);
                ITEM.serialize(update.item, out);
            }
            case COMPLETE, CAMPAIGNS_COMPLETE -> {
                Wire.writeCount(update.subtask, out);
                Wire.writeCount(update.subtasks, out);
            }
            case SESSION -> {
                out.writeLong(update.sessionKey);
                Wire.writeLongs(update.sessionItems, out);
            }
            case QUERY -> {
                out.writeLong(update.queryKey);
                QUERY.serialize(update.queryItems, out);
            }
            case RELEASE -> Wire.writeBytes(RecordCodec.of(ModelRelease.class).encode(update.release), out);
            case CAMPAIGN -> {
                out.writeLong(update.itemKey);
                out.writeBoolean(update.spent);
                out.writeBoolean(update.campaign != null);
                if (update.campaign != null) {
                    update.campaign.write(out);
                }
            }
            case CAMPAIGN_SPENDING -> {
                out.writeLong(update.itemKey);
                out.writeBoolean(update.spent);
            }
        }
    }

    @Override
    public SideUpdate deserialize(SideUpdate reuse, DataInputView in) throws IOException {
        reuse.kind = KINDS[in.readByte()];
        switch (reuse.kind) {
            case ITEM -> {
                reuse.itemKey = in.readLong();
                reuse.item = ITEM.deserialize(new ItemState(), in);
            }
            case COMPLETE, CAMPAIGNS_COMPLETE -> {
                reuse.subtask = Wire.readCount(in);
                reuse.subtasks = Wire.readCount(in);
            }
            case SESSION -> {
                reuse.sessionKey = in.readLong();
                reuse.sessionItems = Wire.readLongs(in);
            }
            case QUERY -> {
                reuse.queryKey = in.readLong();
                reuse.queryItems = QUERY.deserialize(new Neighbours(), in);
            }
            case RELEASE -> reuse.release = release(Wire.readBytes(in));
            case CAMPAIGN -> {
                reuse.itemKey = in.readLong();
                reuse.spent = in.readBoolean();
                reuse.campaign = in.readBoolean() ? CampaignEntry.read(in) : null;
            }
            case CAMPAIGN_SPENDING -> {
                reuse.itemKey = in.readLong();
                reuse.spent = in.readBoolean();
            }
        }
        return reuse;
    }

    private static ModelRelease release(byte[] bytes) throws IOException {
        try {
            return RecordCodec.of(ModelRelease.class).decode(bytes, null);
        } catch (UndecodableRecordException e) {
            throw new IOException("A release inside the job cannot be read", e);
        }
    }
}
