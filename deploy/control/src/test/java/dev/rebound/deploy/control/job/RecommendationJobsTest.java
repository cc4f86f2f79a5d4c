package dev.rebound.deploy.control.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.control.backup.FilesOfASite;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.UnknownOutcomeException;
import dev.rebound.jobs.RecommendationJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken off between what Flink did and what was to be done next. */
class RecommendationJobsTest {
    private static final String JOB = "abcdef0123456789abcdef0123456789";

    @TempDir
    Path folder;

    private SiteUnderTest site;
    private RecommendationJobs jobs;

    @BeforeEach
    void start() {
        site = new SiteUnderTest(folder);
        jobs = new RecommendationJobs(site);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private JobLaunch launch() {
        return new JobLaunch(site.jobJar(), null, Map.of("sink.generation", "7"), null, false);
    }

    @Test
    void aJobThatFlinkRefusedIsForgotten() {
        assertThatThrownBy(() -> jobs.start(launch()))
                .isInstanceOf(CommandFailedException.class)
                .isNotInstanceOf(UnknownOutcomeException.class);

        assertThat(jobs.archive().origins()).isEmpty();
    }

    @Test
    void aJobThatFlinkMayHaveTakenIsRememberedAndItsOutcomeCalledUnknown() {
        site.statusOfUnknownJobs = 503;

        assertThatThrownBy(() -> jobs.start(launch())).isInstanceOf(UnknownOutcomeException.class);

        JobOrigin known = jobs.lastSubmitted().orElseThrow();
        assertThat(known.jobName()).isEqualTo(RecommendationJob.JOB_NAME);
        assertThat(known.keptJar()).isPresent();
        assertThat(jobs.nextSinkGeneration()).isEqualTo(8);
    }

    @Test
    void aStopThatLostItsJobManagerFindsTheSavepointThatFlinkMade() throws IOException {
        given(JOB);
        site.runs(JOB, RecommendationJob.JOB_NAME);
        site.whenAskedToStop = jobId -> {
            made("savepoint-abcdef-1");
            site.ends(JOB, "FINISHED");
        };

        StoredSavepoint stopped = jobs.stop(JOB);

        assertThat(stopped.id()).isEqualTo("savepoint-abcdef-1");
        assertThat(stopped.manifest().map(SavepointManifest::outputsCommitted)).contains(true);
    }

    @Test
    void aStopThatLostItsJobManagerSaysSoIfTheJobGoesOn() {
        given(JOB);
        site.runs(JOB, RecommendationJob.JOB_NAME);

        assertThatThrownBy(() -> jobs.stop(JOB)).hasMessageContaining("asked for no savepoint");
    }

    @Test
    void aStopThatIsRepeatedWritesTheManifestThatIsMissing() {
        given(JOB);
        site.runs(JOB, RecommendationJob.JOB_NAME);
        made("savepoint-abcdef-1");
        site.ends(JOB, "FINISHED");

        jobs.stop(JOB);
        StoredSavepoint again = jobs.stop(JOB);

        assertThat(jobs.savepoints().list()).hasSize(1);
        assertThat(again.manifest().orElseThrow().job().options()).containsEntry("sink.generation", "7");
        assertThat(site.asked).noneMatch(request -> request.startsWith("POST"));
    }

    @Test
    void aJobThatWasCancelledHasNoSavepointToGoOnFrom() {
        given(JOB);
        made("savepoint-abcdef-1");
        site.runs(JOB, RecommendationJob.JOB_NAME);
        site.ends(JOB, "CANCELED");

        assertThatThrownBy(() -> jobs.stop(JOB)).hasMessageContaining("has ended, and not with a savepoint");
    }

    @Test
    void aSavepointWithoutItsManifestIsStillKnownToBeOfItsJob() {
        given(JOB);
        made("savepoint-abcdef-1");

        Optional<JobOrigin> origin =
                jobs.savepointOf("savepoint-abcdef-1").manifest().map(SavepointManifest::job);

        assertThat(origin).map(JobOrigin::jobId).contains(JOB);
    }

    @Test
    void aSecondJobOfTheSameTransactionalIdsIsRefusedWhateverItsTopics() {
        given(JOB);
        site.runs(JOB, RecommendationJob.JOB_NAME);

        assertThatThrownBy(() -> jobs.requireOwnTransactions(of(Map.of("kafka.topic-prefix", "other.")), null))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(JOB)
                .hasMessageContaining("main.recommendation.*");
        assertThatThrownBy(() -> jobs.submit(of(Map.of("kafka.topic-prefix", "other."))))
                .as("nor by who forgets to ask")
                .hasMessageContaining(JOB);
        jobs.requireOwnTransactions(of(Map.of("site.name", "second")), null);
        jobs.requireOwnTransactions(of(Map.of()), JOB);
        site.ends(JOB, "FINISHED");
        jobs.requireOwnTransactions(of(Map.of()), null);
    }

    @Test
    void aDamagedRecordIsToldByNameAndInNobodysWay() throws IOException {
        given(JOB);
        Files.writeString(folder.resolve("site/jobs/0123.json"), "{\"jobId\": \"01");

        assertThat(jobs.archive().origins()).extracting(JobOrigin::jobId).containsExactly(JOB);
        assertThat(jobs.archive().damaged()).singleElement().asString().contains("0123.json is damaged");
        assertThat(jobs.archive().origin("0123")).isEmpty();
        assertThat(jobs.nextSinkGeneration())
                .as("the damaged one may have had the next")
                .isEqualTo(9);
    }

    @Test
    void aRecordWhoseWriterDiedBetweenDeletingAndRenamingIsRead() throws IOException {
        given(JOB);
        Path record = folder.resolve("site/jobs/" + JOB + ".json");
        Files.move(record, record.resolveSibling("." + JOB + ".json.tmp"));

        assertThat(jobs.archive().origins()).extracting(JobOrigin::jobId).containsExactly(JOB);
        assertThat(jobs.archive().origin(JOB)).isPresent();
    }

    @Test
    void aRecordWhoseWriterDiedWhileItWroteCountsAsNone() throws IOException {
        given(JOB);
        Files.writeString(folder.resolve("site/jobs/.0123.json.tmp"), "{\"jobId\": \"01");

        assertThat(jobs.archive().origins()).extracting(JobOrigin::jobId).containsExactly(JOB);
        assertThat(jobs.archive().damaged()).isEmpty();
    }

    @Test
    void aDamagedManifestIsToldInTheListAndWrittenAnewWhereTheJobIsKnown() throws IOException {
        given(JOB);
        made("savepoint-abcdef-1");
        made("savepoint-012345-1");
        Files.writeString(folder.resolve("site/savepoints/savepoint-abcdef-1/savepoint.json"), "{\"id\":");

        assertThat(jobs.savepoints().list()).hasSize(2);
        assertThat(jobs.savepoints().find("savepoint-abcdef-1").content().problems())
                .singleElement()
                .asString()
                .contains("savepoint.json is damaged");

        jobs.savepointOf("savepoint-abcdef-1");

        assertThat(jobs.savepoints().find("savepoint-abcdef-1").content().isWhole())
                .isTrue();
    }

    @Test
    void theWayBackIsSparedWhileAnotherJobOfOursRuns() {
        given(JOB);
        made("savepoint-abcdef-1");
        jobs.savepointOf("savepoint-abcdef-1");
        recorded("0123456789abcdef0123456789abcdef", RecommendationJob.JOB_NAME, "savepoint-abcdef-1");
        String other = "00112233445566778899aabbccddeeff";
        recorded(other, "rebound-other", null);
        site.runs(other, "rebound-other");

        assertThat(jobs.savepointsInUse()).containsOnlyKeys("savepoint-abcdef-1");
    }

    @Test
    void aJarThatWasKeptInPartIsKeptAnew() throws IOException {
        given(JOB);
        JobOrigin.KeptJar jar = jobs.archive().keep(site.jobJar());
        Files.writeString(Path.of(URI.create(jar.path())), "the");

        jobs.archive().keep(site.jobJar());

        assertThat(jobs.archive().fetch(jar, folder.resolve("fetched"))).hasContent("the job");
    }

    private JobLaunch of(Map<String, String> options) {
        return new JobLaunch(site.jobJar(), null, options, null, false);
    }

    private void given(String jobId) {
        recorded(jobId, RecommendationJob.JOB_NAME, null);
    }

    private void recorded(String jobId, String name, @Nullable String restoredFrom) {
        jobs.archive()
                .record(new JobOrigin(
                        jobId,
                        name,
                        jobs.archive().keep(site.jobJar()),
                        null,
                        Map.of("sink.generation", "7"),
                        restoredFrom,
                        Instant.now()));
    }

    private void made(String savepoint) {
        try {
            new FilesOfASite(folder.resolve("site")).savepoint(savepoint, "state");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
