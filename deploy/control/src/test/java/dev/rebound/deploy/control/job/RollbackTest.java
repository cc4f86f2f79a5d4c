package dev.rebound.deploy.control.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.backup.FilesOfASite;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.jobs.RecommendationJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which savepoint a rollback goes back to. */
class RollbackTest {
    private static final String GOOD = "aaaaaa0123456789aaaaaa0123456789";
    private static final String BAD = "bbbbbb0123456789bbbbbb0123456789";

    @TempDir
    Path folder;

    private SiteUnderTest site;
    private RecommendationJobs jobs;
    private Rollback rollback;

    @BeforeEach
    void start() {
        site = new SiteUnderTest(folder);
        jobs = new RecommendationJobs(site);
        rollback = new Rollback(site, line -> {});
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void whereNoJobRunsTheWayLeadsToBeforeTheOneThatWasSubmittedLast() throws IOException {
        StoredSavepoint before = made("savepoint-aaaaaa-1", submitted(GOOD, null, 1), 10, true);
        made("savepoint-bbbbbb-1", submitted(BAD, before.path().toString(), 20), 30, true);

        assertThat(rollback.before(null).id()).isEqualTo("savepoint-aaaaaa-1");
    }

    private JobOrigin submitted(String jobId, @Nullable String savepoint, long at) {
        JobOrigin job = new JobOrigin(
                jobId,
                RecommendationJob.JOB_NAME,
                jobs.archive().keep(site.jobJar()),
                null,
                Map.of(),
                savepoint,
                Instant.ofEpochSecond(at));
        jobs.archive().record(job);
        return job;
    }

    private StoredSavepoint made(String savepoint, JobOrigin job, long at, @Nullable Boolean committed)
            throws IOException {
        new FilesOfASite(folder.resolve("site")).savepoint(savepoint, "state");
        String path = jobs.savepoints().folder() + "/" + savepoint;
        return jobs.savepoints().describe(path, job, Instant.ofEpochSecond(at), committed);
    }
}
