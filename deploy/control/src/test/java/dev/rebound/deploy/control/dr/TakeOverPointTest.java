package dev.rebound.deploy.control.dr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TakeOverPointTest {
    private static final String TOPIC = "shop.recommendations";

    @Test
    void theNewestIsTakenWhoseOutputsHaveAllArrived() {
        List<StandbyPoint> newestFirst = List.of(point(4, null), point(3, 300L), point(2, 200L), point(1, 100L));

        assertThat(choose(newestFirst, arrived(250)).checkpointId()).isEqualTo(2);
        assertThat(choose(newestFirst, arrived(300)).checkpointId()).isEqualTo(3);
    }

    @Test
    void aPartitionThatIsEmptyNeedsNotArrive() {
        assertThat(choose(List.of(point(1, 0L)), Map.of()).checkpointId()).isEqualTo(1);
    }

    @Test
    void whatStandsInTheWayIsNamed() {
        assertThatThrownBy(() -> choose(List.of(), Map.of()))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("no copy of any checkpoint");
        assertThatThrownBy(() -> choose(List.of(point(7, null)), arrived(5)))
                .hasMessageContaining("job-7")
                .hasMessageContaining("not known where its outputs end");
        assertThatThrownBy(() -> choose(List.of(point(7, 10L)), arrived(5)))
                .hasMessageContaining("shop.recommendations-0 end at 10, and the mirror has copied up to 5");
    }

    @Test
    void whatATakeOverCouldStartFromIsKeptWithTwoBeforeIt() {
        List<StandbyPoint> newestFirst =
                List.of(point(6, null), point(5, 500L), point(4, 400L), point(3, 300L), point(2, 200L), point(1, 100L));

        assertThat(StandbyRetention.unneeded(newestFirst, arrived(420)))
                .extracting(StandbyPoint::checkpointId)
                .containsExactly(1L);
        assertThat(StandbyRetention.unneeded(newestFirst, arrived(90)))
                .as("where nothing has arrived all may yet be needed")
                .isEmpty();
    }

    @Test
    void whatDidNotArriveIsCountedByTopic() {
        PrimaryEnds seen = new PrimaryEnds(
                Instant.EPOCH,
                List.of(
                        new PartitionOffset("shop.behaviour-events", 0, 100),
                        new PartitionOffset("shop.behaviour-events", 1, 50),
                        new PartitionOffset("shop.campaigns", 0, 7)));
        Map<TopicPartition, Long> arrived = Map.of(
                new TopicPartition("shop.behaviour-events", 0), 90L,
                new TopicPartition("shop.behaviour-events", 1), 60L,
                new TopicPartition("shop.campaigns", 0), 7L);

        assertThat(TakeOverReport.lost(arrived, java.util.Optional.of(seen), "shop."))
                .containsExactly(new TakeOverReport.LostInputs("shop.behaviour-events", 10));
    }

    @Test
    void whereFilesAreMissingTheOneBeforeIsTaken() {
        List<StandbyPoint> newestFirst = List.of(point(2, 200L), point(1, 100L));

        assertThat(TakeOverPoint.choose(newestFirst, arrived(200), point -> point.checkpointId() != 2)
                        .checkpointId())
                .isEqualTo(1);
        assertThatThrownBy(() -> TakeOverPoint.choose(newestFirst, arrived(200), point -> false))
                .hasMessageContaining("files of the newest, job-2, are missing");
    }

    private static StandbyPoint choose(List<StandbyPoint> newestFirst, Map<TopicPartition, Long> arrived) {
        return TakeOverPoint.choose(newestFirst, arrived, point -> true);
    }

    private static Map<TopicPartition, Long> arrived(long end) {
        return Map.of(new TopicPartition(TOPIC, 0), end);
    }

    private static StandbyPoint point(long id, @Nullable Long outputEnd) {
        return new StandbyPoint(
                1,
                "job",
                id,
                "hdfs://rebound/checkpoints/job/chk-" + id,
                Instant.ofEpochSecond(id),
                Instant.ofEpochSecond(id + 1),
                10,
                List.of(),
                outputEnd == null ? null : List.of(new PartitionOffset(TOPIC, 0, outputEnd)),
                1);
    }
}
