package dev.rebound.operators.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.schemas.EventType;
import java.util.HexFormat;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class FeedbackSerializerTest {
    /** Version 1 of {@link #someFeedback}; every later version must read it. */
    private static final String VERSION_1 = "01000000000000000902" + "0000000000000007" + "0000000000000064" + "01"
            + "0000000000000007" + "00000000000000c8" + "04";

    private final FeedbackSerializer serializer = new FeedbackSerializer();

    private static Feedback someFeedback() {
        Feedback feedback = new Feedback();
        feedback.expiresMillis = 9;
        feedback.add(7, EventType.IMPRESSION.ordinal(), 100);
        feedback.add(7, EventType.CLICK.ordinal(), 200);
        return feedback;
    }

    private byte[] bytes(Feedback feedback) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(feedback, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void theFirstVersionIsReadAndWritten() throws Exception {
        byte[] first = HexFormat.of().parseHex(VERSION_1);

        Feedback read = serializer.deserialize(new DataInputDeserializer(first));

        assertThat(bytes(someFeedback())).isEqualTo(first);
        assertThat(bytes(read)).isEqualTo(first);
        assertThat(read.action(7, 150)).isEqualTo(EventType.IMPRESSION);
        assertThat(read.action(7, 200)).isEqualTo(EventType.CLICK);
        assertThat(read.action(8, 200)).isEqualTo(EventType.UNKNOWN);
    }

    @Test
    void anUnknownVersionSaysWhatToDo() throws Exception {
        byte[] bytes = bytes(someFeedback());
        bytes[0] = 99;

        assertThatThrownBy(() -> serializer.deserialize(new DataInputDeserializer(bytes)))
                .hasMessageContaining("format 99")
                .hasMessageContaining("job jar that wrote it");
    }

    @Test
    void feedbackIsBoundedAndReadBack() throws Exception {
        Feedback feedback = new Feedback();
        for (int item = 0; item < 3 * Feedback.CAPACITY; item++) {
            feedback.add(item, EventType.CLICK.ordinal(), item);
        }

        assertThat(feedback.size()).isEqualTo(Feedback.CAPACITY);
        assertThat(bytes(serializer.deserialize(new DataInputDeserializer(bytes(feedback)))))
                .isEqualTo(bytes(feedback))
                .hasSizeLessThan(4 * 1024);
    }
}
