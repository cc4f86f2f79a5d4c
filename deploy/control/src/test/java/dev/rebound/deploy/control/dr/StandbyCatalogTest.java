package dev.rebound.deploy.control.dr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
        return new StandbyPoint(
                epoch,
                "job",
                id,
                "hdfs://rebound/checkpoints/job/chk-" + id,
                Instant.ofEpochSecond(id),
                Instant.ofEpochSecond(id + 1),
                10,
                List.of(),
                List.of(),
                1);
    }
}
