package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Signals;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ScoringTaskSerializerTest {
    private final ScoringTaskSerializer serializer = new ScoringTaskSerializer();

    private byte[] bytes(ScoringTask task) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(task, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void aSearchIsReadBackAndTheNextTaskHasNone() throws Exception {
        ScoringTask search = new ScoringTask();
        search.searchOf(Signals.aSearchRequest("r", "u", "red lamp"));

        ScoringTask reuse = serializer.deserialize(new DataInputDeserializer(bytes(search)));
        assertThat(reuse.query).isEqualTo("red lamp");
        assertThat(reuse.queryTerms).containsExactly(search.queryTerms);

        serializer.deserialize(reuse, new DataInputDeserializer(bytes(new ScoringTask())));
        assertThat(reuse.query).isNull();
        assertThat(reuse.queryTerms).isEmpty();
    }

    @Test
    void theSecondVersionIsStillRead() throws Exception {
        byte[] now = bytes(new ScoringTask());
        // It ended before the query: no text and no words, a byte each.
        byte[] then = Arrays.copyOf(now, now.length - 2);
        then[0] = 2;

        assertThat(bytes(serializer.deserialize(new DataInputDeserializer(then))))
                .isEqualTo(now);
    }
}
