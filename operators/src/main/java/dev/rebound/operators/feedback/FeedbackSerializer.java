package dev.rebound.operators.feedback;

import dev.rebound.operators.serialization.RecordSerializer;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** State format of {@link Feedback}, version 1. */
public final class FeedbackSerializer extends RecordSerializer<Feedback> {
    private static final long serialVersionUID = 1L;
    private static final int VERSION = 1;

    public FeedbackSerializer() {
        super("feedback", VERSION);
    }

    @Override
    public Feedback createInstance() {
        return new Feedback();
    }

    @Override
    public void serialize(Feedback feedback, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        feedback.write(out);
    }

    @Override
    public Feedback deserialize(Feedback reuse, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("Feedback of format " + version + ", this job reads up to " + VERSION
                    + ": restore it with the job jar that wrote it");
        }
        reuse.read(in);
        return reuse;
    }
}
