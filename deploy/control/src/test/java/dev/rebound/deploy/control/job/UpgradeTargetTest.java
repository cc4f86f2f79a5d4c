package dev.rebound.deploy.control.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.control.backup.FilesOfASite;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.jobs.RecommendationJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades that were broken off, and repeated. */
class UpgradeTargetTest {
    private static final String OLD = "abcdef0123456789abcdef0123456789";
    private static final String NEW = "0123456789abcdef0123456789abcdef";
    private static final String SAVEPOINT = "savepoint-abcdef-1";
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    Path folder;

    private SiteUnderTest site;
    private RecommendationJobs jobs;
    private UpgradeTarget target;

    @BeforeEach
    void start() {
        site = new SiteUnderTest(folder);
        jobs = new RecommendationJobs(site);
        target = new UpgradeTarget(site);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void theJobThatTheFirstAttemptStopped() throws IOException {
        stoppedWithItsSavepoint();

        assertThat(target.of(null)).isEqualTo(OLD);
    }

    @Test
    void aNewVersionThatWasRecordedAndNeverBeganIsPassedOver() throws IOException {
        stoppedWithItsSavepoint();
        recorded(NEW, START.plusSeconds(60), SAVEPOINT);

        assertThat(target.of(null)).isEqualTo(OLD);
    }

    @Test
    void theOldVersionThatFlinkHasForgottenIsKnownByItsSavepoint() throws IOException {
        recorded(OLD, START, null);
        new FilesOfASite(folder.resolve("site")).savepoint(SAVEPOINT, "state");
        site.runs(OLD, RecommendationJob.JOB_NAME);
        site.ends(OLD, "FINISHED");
        jobs.stop(OLD);
        site.forgets(OLD);
        recorded(NEW, START.plusSeconds(60), SAVEPOINT);

        assertThat(target.of(null)).isEqualTo(OLD);
    }

    @Test
    void aNewVersionThatRanAndWasLostIsNotGoneBackFromSilently() throws IOException {
        stoppedWithItsSavepoint();
        recorded(NEW, START.plusSeconds(60), SAVEPOINT);
        Files.createDirectories(site.checkpoints().resolve(NEW + "/shared"));

        assertThatThrownBy(() -> target.of(null))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(NEW)
                .hasMessageContaining("--from-savepoint");
    }

    /** It was made while the job went on, and the cluster was lost later. */
    @Test
    void aSavepointFromBeforeTheLastCheckpointIsNotWhatTheJobStoppedWith() throws IOException {
        stoppedWithItsSavepoint();
        jobs.stop(OLD);
        site.forgets(OLD);
        assertThat(target.of(null)).isEqualTo(OLD);
        Files.createDirectories(site.checkpoints().resolve(OLD + "/chk-7"));

        assertThatThrownBy(() -> target.of(null))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("rebound job rollback");
    }

    @Test
    void aNewVersionThatMayHaveBegunIsNotPassedOverWhileFlinkDoesNotSay() throws IOException {
        stoppedWithItsSavepoint();
        recorded(NEW, START.plusSeconds(60), SAVEPOINT);
        site.statusOfUnknownJobs = 503;

        assertThatThrownBy(() -> target.of(null)).isInstanceOf(FlinkRestException.class);
    }

    @Test
    void aJobThatWasCancelledHasNoSavepointToGoOnFrom() throws IOException {
        recorded(OLD, START, null);
        new FilesOfASite(folder.resolve("site")).savepoint(SAVEPOINT, "state");
        site.runs(OLD, RecommendationJob.JOB_NAME);
        site.ends(OLD, "CANCELED");

        assertThatThrownBy(() -> target.of(null)).hasMessageContaining("left no savepoint when it ended");
    }

    @Test
    void withoutAnyJobThereIsNothingToReplace() {
        assertThatThrownBy(() -> target.of(null)).hasMessageContaining("No job");
    }

    private void stoppedWithItsSavepoint() throws IOException {
        recorded(OLD, START, null);
        new FilesOfASite(folder.resolve("site")).savepoint(SAVEPOINT, "state");
        site.runs(OLD, RecommendationJob.JOB_NAME);
        site.ends(OLD, "FINISHED");
    }

    private void recorded(String jobId, Instant at, @Nullable String restoredFrom) {
        jobs.archive()
                .record(new JobOrigin(
                        jobId,
                        RecommendationJob.JOB_NAME,
                        jobs.archive().keep(site.jobJar()),
                        null,
                        Map.of(),
                        restoredFrom,
                        at));
    }
}
