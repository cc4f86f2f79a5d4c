package dev.rebound.deploy.control.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.JobOrigin.KeptJar;
import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RollbackTargetTest {
    private final List<StoredSavepoint> newestFirst = new ArrayList<>();

    @Test
    void aJobThatBeganWithASavepointGoesBackToIt() {
        JobOrigin good = job("good", 1, null);
        saved("s1", good, 10);
        JobOrigin bad = job("bad", 20, "s1");
        saved("s2", bad, 30);

        assertThat(target(bad)).isEqualTo("s1");
    }

    @Test
    void aRollbackThatIsRepeatedDoesNotGoToTheSavepointOfWhatItLeft() {
        JobOrigin good = job("good", 1, null);
        saved("s1", good, 10);
        JobOrigin bad = job("bad", 20, "s1");
        saved("what the bad one left", bad, 30);
        JobOrigin restored = job("restored", 40, "s1");

        assertThat(target(restored)).isEqualTo("s1");
    }

    @Test
    void whereThatOneIsDamagedTheNewestBeforeItOfTheSameLineIsTaken() {
        JobOrigin first = job("first", 1, null);
        saved("s1", first, 10);
        JobOrigin bad = job("bad", 15, "s1");
        saved("what the bad one left", bad, 20);
        JobOrigin second = job("second", 25, "s1");
        damaged("s3", second, 30);
        JobOrigin third = job("third", 40, "s3");
        saved("s4", third, 50);

        assertThat(target(third)).isEqualTo("s1");
    }

    @Test
    void aJobThatBeganWithNothingGoesBackToTheNewestBeforeIt() {
        saved("s1", job("first", 1, null), 10);
        saved("s2", job("second", 20, null), 30);
        JobOrigin third = job("third", 40, null);
        saved("s3", third, 50);
        saved("of a later one", job("later", 60, null), 70);

        assertThat(target(third)).isEqualTo("s2");
    }

    @Test
    void theFirstJobHasNoWayBack() {
        JobOrigin first = job("first", 1, null);
        saved("s1", first, 10);

        assertThat(new RollbackTarget(newestFirst).of(first)).isEmpty();
    }

    private String target(JobOrigin left) {
        return new RollbackTarget(newestFirst).of(left).orElseThrow().id();
    }

    private static JobOrigin job(String id, long submittedAt, @Nullable String savepoint) {
        return new JobOrigin(
                id,
                "rebound-recommendation",
                new KeptJar("0".repeat(64), "/jars/0.jar"),
                null,
                Map.of(),
                savepoint == null ? null : "hdfs://site/savepoints/" + savepoint,
                Instant.ofEpochSecond(submittedAt));
    }

    private void saved(String id, JobOrigin job, long takenAt, String... problems) {
        SavepointManifest manifest =
                new SavepointManifest(id, job, Instant.ofEpochSecond(takenAt), List.of(), List.of(), true);
        OpenedSavepoint content = new OpenedSavepoint(1, List.of(), List.of(), 0, Instant.EPOCH, List.of(problems));
        newestFirst.add(0, new StoredSavepoint(new Path("/savepoints/" + id), Optional.of(manifest), content));
    }

    private void damaged(String id, JobOrigin job, long takenAt) {
        saved(id, job, takenAt, "a file is missing");
    }
}
