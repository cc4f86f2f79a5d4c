package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.ranking.ScoredList;
import dev.rebound.operators.ranking.ScoredListSerializer;
import dev.rebound.operators.serialization.RecordSerializer;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.ScoringTaskSerializer;
import dev.rebound.schemas.EventType;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** What the scoring stage keeps in checkpoints is read back, that of earlier versions too. */
class ScoringStateFormatsTest {
    private static ScoringTask aTask() {
        ScoringTask task = new ScoringTask();
        task.kind = ScoringTask.Kind.REQUEST;
        task.userId = "u";
        task.triggerId = "r";
        task.count = 5;
        task.recent.add(ItemKey.of("a"), EventType.VIEW.ordinal(), 7);
        task.sessions = 3;
        task.explain = true;
        return task;
    }

    private static ScoredList aList() {
        ScoredList list = new ScoredList();
        list.userId = "u";
        list.requestId = "r";
        list.recommendationId = "id";
        list.modelVersion = "v1";
        list.scenario = 2;
        list.requestedMillis = 7;
        list.scoredMillis = 8;
        list.recentItemIds = new String[] {"x"};
        list.itemIds = new String[] {"a", "b"};
        list.scores = new float[] {0.5f, 0.25f};
        list.propensities = new float[] {1, 0.125f};
        list.dense = new float[] {1, 2, 3, 4};
        return list;
    }

    private static <T> byte[] bytes(RecordSerializer<T> serializer, T value) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        return out.getCopyOfBuffer();
    }

    private static <T> T read(RecordSerializer<T> serializer, byte[] bytes) throws Exception {
        return serializer.deserialize(new DataInputDeserializer(bytes));
    }

    @Test
    void aTaskOfTheFirstVersionWantsNoExplanation() throws Exception {
        ScoringTaskSerializer serializer = new ScoringTaskSerializer();
        byte[] now = bytes(serializer, aTask());
        // It ended before what was shown, explain, campaigns, query and words, here a byte each.
        byte[] first = Arrays.copyOf(now, now.length - 5);
        first[0] = 1;

        ScoringTask task = read(serializer, first);

        assertThat(task.explain).isFalse();
        task.explain = true;
        assertThat(bytes(serializer, task)).isEqualTo(now);
    }

    @Test
    void aTaskIsReadAsItWasWritten() throws Exception {
        ScoringTaskSerializer serializer = new ScoringTaskSerializer();
        byte[] bytes = bytes(serializer, aTask());

        assertThat(read(serializer, bytes).explain).isTrue();
        assertThat(bytes(serializer, read(serializer, bytes))).isEqualTo(bytes);
    }

    @Test
    void aListIsReadAsItWasWritten() throws Exception {
        ScoredListSerializer serializer = new ScoredListSerializer();

        assertThat(read(serializer, bytes(serializer, aList())))
                .usingRecursiveComparison()
                .isEqualTo(aList());
    }

    @Test
    void anUnknownVersionOfAListSaysWhatToDo() throws Exception {
        ScoredListSerializer serializer = new ScoredListSerializer();
        byte[] bytes = bytes(serializer, aList());
        bytes[0] = 99;

        assertThatThrownBy(() -> read(serializer, bytes))
                .hasMessageContaining("format 99")
                .hasMessageContaining("job jar that wrote it");
    }
}
