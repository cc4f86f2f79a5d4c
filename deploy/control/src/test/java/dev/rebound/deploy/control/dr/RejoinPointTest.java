package dev.rebound.deploy.control.dr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.dr.StandbyPoint.SourcePosition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejoinPointTest {
    private static final String TOPIC = "shop.behaviour-events";

    @TempDir
    private Path folder;

    @Test
    void aStateIsGoodOnceItsJobHasReadWhatItWasSentAgain() {
        RejoinPoint point = point(100, 0);

        assertThat(point.isBefore(state(99, 0))).isFalse();
        assertThat(point.isBefore(state(100, 0))).isTrue();
        assertThat(point.isBefore(state(100, -2)))
                .as("of an empty partition a state says that it is to begin")
                .isTrue();
        assertThat(point(100, 5).isBefore(state(100, -2))).isFalse();
    }

    @Test
    void itIsKeptByEpoch() {
        var root = new org.apache.flink.core.fs.Path(folder.toUri());
        assertThat(RejoinPoint.read(root, 2)).isEmpty();

        point(100, 0).write(root);

        assertThat(RejoinPoint.read(root, 2)).contains(point(100, 0));
        assertThat(RejoinPoint.read(root, 4)).isEmpty();
        assertThat(point(100, 0).floor()).containsEntry(new TopicPartition(TOPIC, 0), 50L);
    }

    private static RejoinPoint point(long first, long second) {
        return new RejoinPoint(
                2,
                Map.of(TOPIC, 3L),
                0,
                List.of(new PartitionOffset(TOPIC, 0, 50)),
                List.of(new PartitionOffset(TOPIC, 0, first), new PartitionOffset(TOPIC, 1, second)));
    }

    private static StandbyPoint state(long first, long second) {
        return new StandbyPoint(
                2,
                "job",
                1,
                "hdfs://rebound/checkpoints/job/chk-1",
                Instant.EPOCH,
                Instant.EPOCH,
                10,
                List.of(new SourcePosition(TOPIC, 0, first, 0), new SourcePosition(TOPIC, 1, second, -1)),
                List.of(),
                1);
    }
}
