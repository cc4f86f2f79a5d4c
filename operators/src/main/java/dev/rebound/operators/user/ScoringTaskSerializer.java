package dev.rebound.operators.user;

import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Moves {@link ScoringTask}s between tasks, and keeps those that wait for item data in a checkpoint. Version 2 added
 * what was shown, {@code explain} and campaigns, version 3 the search, version 4 the record's timestamp, version 5 where the
 * answer goes.
 */
public final class ScoringTaskSerializer extends RecordSerializer<ScoringTask> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 5;
    /** From this version on a task has campaigns. */
    private static final int WITH_CAMPAIGNS = 2;
    /** From this version on a task has a search. */
    private static final int WITH_SEARCH = 3;
    /** From this version on a task has its record's timestamp. */
    private static final int WITH_RECORD_TIME = 4;
    /** From this version on a task has the partition of its answer. */
    private static final int WITH_REPLY_PARTITION = 5;

    private static final UserCampaignsSerializer CAMPAIGNS = new UserCampaignsSerializer();
    private static final ScoringTask.Kind[] KINDS = ScoringTask.Kind.values();

    public ScoringTaskSerializer() {
        super("scoring-task", VERSION);
    }

    @Override
    public ScoringTask createInstance() {
        return new ScoringTask();
    }

    @Override
    public void serialize(ScoringTask task, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        out.writeByte(task.kind.ordinal());
        Wire.writeString(task.userId, out);
        Wire.writeString(task.triggerId, out);
        out.writeByte(task.scenario.ordinal());
        out.writeLong(task.contextItemKey);
        Wire.writeLongs(task.candidates, out);
        Wire.writeCount(task.count, out);
        out.writeLong(task.timeMillis);
        Wire.writeCount(task.eventCounts.length, out);
        for (int count : task.eventCounts) {
            Wire.writeCount(count, out);
        }
        task.recent.write(out);
        out.writeLong(task.firstEventMillis);
        out.writeLong(task.lastEventMillis);
        Wire.writeCount(task.sessions, out);
        task.shown.write(out);
        out.writeBoolean(task.explain);
        out.writeBoolean(task.campaigns != null);
        if (task.campaigns != null) {
            CAMPAIGNS.serialize(task.campaigns, out);
        }
        Wire.writeString(task.query, out);
        Wire.writeInts(task.queryTerms, out);
        out.writeLong(task.recordMillis);
        out.writeInt(task.replyPartition);
    }

    @Override
    public ScoringTask deserialize(ScoringTask reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version < 1 || version > VERSION) {
            throw new IOException("A scoring task of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.kind = KINDS[in.readByte()];
        reuse.userId = Wire.readRequiredString(in);
        reuse.triggerId = Wire.readRequiredString(in);
        reuse.scenario = ScoringTask.scenario(in.readByte());
        reuse.contextItemKey = in.readLong();
        reuse.candidates = Wire.readLongs(in);
        reuse.count = Wire.readCount(in);
        reuse.timeMillis = in.readLong();
        int types = Wire.readCount(in);
        for (int i = 0; i < types; i++) {
            reuse.eventCounts[i] = Wire.readCount(in);
        }
        reuse.recent.read(in);
        reuse.firstEventMillis = in.readLong();
        reuse.lastEventMillis = in.readLong();
        reuse.sessions = Wire.readCount(in);
        if (version == 1) {
            reuse.shown.clear();
        } else {
            reuse.shown.read(in);
        }
        reuse.explain = version >= 2 && in.readBoolean();
        boolean hasCampaigns = version >= WITH_CAMPAIGNS && in.readBoolean();
        reuse.campaigns = hasCampaigns ? CAMPAIGNS.deserialize(in) : null;
        if (version < WITH_SEARCH) {
            reuse.noSearch();
        } else {
            reuse.query = Wire.readString(in);
            reuse.queryTerms = Wire.readInts(in);
        }
        reuse.recordMillis = version < WITH_RECORD_TIME ? 0 : in.readLong();
        reuse.replyPartition = version < WITH_REPLY_PARTITION ? UserSignal.BY_USER : in.readInt();
        return reuse;
    }
}
