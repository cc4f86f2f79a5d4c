package dev.rebound.operators.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SliceProgressSerializerTest {
    private final SliceProgressSerializer serializer = new SliceProgressSerializer();

    @Test
    void progressSurvives() throws Exception {
        SliceProgress progress = new SliceProgress();
        progress.current = 4;
        progress.close(100, false);
        progress.close(200, true);
        progress.collected = 12;
        progress.openedMillis = 150;

        SliceProgress read = serializer.copy(progress);

        assertThat(read.current).isEqualTo(6);
        assertThat(read.collected).isEqualTo(12);
        assertThat(read.openedMillis).isEqualTo(150);
        assertThat(read.closed).containsExactly(new SliceProgress.Closed(4, 100), new SliceProgress.Closed(5, 200));
    }

    @Test
    void aSliceThatIsNotInTrainingGivesWayToTheNext() {
        SliceProgress progress = new SliceProgress();
        progress.close(100, false);
        progress.close(200, true);
        progress.close(300, true);
        assertThat(progress.closed).extracting(SliceProgress.Closed::slice).containsExactly(0L, 2L);

        progress.close(400, false);
        assertThat(progress.closed).extracting(SliceProgress.Closed::slice).containsExactly(3L);
    }

    @Test
    void aLaterFormatIsRefused() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(new SliceProgress(), out);
        byte[] later = out.getCopyOfBuffer();
        later[0] = 2;

        assertThatThrownBy(() -> serializer.deserialize(new DataInputDeserializer(later)))
                .hasMessageContaining("format 2");
    }
}
