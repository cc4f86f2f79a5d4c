package dev.rebound.deploy.control.dr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.dr.StandbyPoint.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandbyCatalogTest {
    @TempDir
    private Path root;

    @Test
    void aCopyOfAnEarlierEpochIsNotStartedFrom() {
        StandbyCatalog catalog = catalog();
        catalog.write(point(1, 900));
        catalog.write(point(3, 2));
        catalog.write(point(3, 1));

        assertThat(catalog.points()).extracting(StandbyPoint::checkpointId).containsExactly(2L, 1L);
        assertThat(catalog.all()).hasSize(3);
    }

    @Test
    void ofASiteThatWasThePrimaryAStateIsUsableOnceItsJobHasReadWhatItWasSentAgain() {
        TopicPartition events = new TopicPartition("shop.behaviour-events", 0);
        StandbyCatalog catalog = catalog();
        catalog.write(point(2, 1, List.of(new SourcePosition(events.topic(), 0, 99, 0))));
        catalog.write(point(2, 2, List.of(new SourcePosition(events.topic(), 0, 100, 0))));
        assertThat(catalog.usable()).hasSize(2);

        new RejoinPoint(2, Map.of(), 0, List.of(), List.of(new PartitionOffset(events.topic(), 0, 100)))
                .write(new org.apache.flink.core.fs.Path(root.toUri()));

        assertThat(catalog.usable()).extracting(StandbyPoint::checkpointId).containsExactly(2L);
        assertThat(catalog.points()).hasSize(2);
    }

    @Test
    void aDamagedRecordIsToldOfAndHidesNoOther() throws IOException {
        StandbyCatalog catalog = catalog();
        catalog.write(point(1, 1));
        Path damaged = root.resolve("standby/job-2.json");
        Files.writeString(damaged, "{\"epoch\": 1, \"job");

        assertThat(catalog.points()).hasSize(1);
        assertThat(catalog.damaged())
                .singleElement()
                .satisfies(record -> assertThat(record.getName()).isEqualTo("job-2.json"));
    }

    private StandbyCatalog catalog() {
        return new StandbyCatalog(new org.apache.flink.core.fs.Path(root.toUri()));
    }

    private static StandbyPoint point(long epoch, long id) {
        return point(epoch, id, List.of());
    }

    private static StandbyPoint point(long epoch, long id, List<SourcePosition> sources) {
        return new StandbyPoint(
                epoch,
                "job",
                id,
                "hdfs://rebound/checkpoints/job/chk-" + id,
                Instant.ofEpochSecond(id),
                Instant.ofEpochSecond(id + 1),
                10,
                sources,
                List.of(),
                1);
    }
}
