package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.job.CompatibilityCheck;
import dev.rebound.deploy.control.job.CompatibilityReport;
import dev.rebound.deploy.control.job.JobChange;
import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.job.Upgrade;
import dev.rebound.deploy.control.job.UpgradeTarget;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.control.site.SiteCheck;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DurationConverter;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound job submit}. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Submits the job, as `flink run` does, and waits until all of its tasks run.")
final class JobSubmit implements Callable<Integer> {
    @Option(
            names = "--from-savepoint",
            paramLabel = "ID",
            description = "Begin with this state, by name or path; refused if the job can't restore all of it.")
    private @Nullable String savepoint;

    @Option(
            names = {"--job", "--main-class"},
            paramLabel = "JOB",
            converter = JobClass.class,
            description = "recommendation (the default), model-training, or another main class of the jar.")
    private @Nullable String mainClass;

    @Option(names = "--jar", paramLabel = "FILE", description = "The job jar; that of this distribution unless given.")
    private @Nullable Path jar;

    @Option(
            names = "--upgrade",
            description =
                    "Replace the running job: stop it with a savepoint, start this jar from it with the same options"
                            + " and those given, and go back by itself, with exit code 1, if it does not become healthy.")
    private boolean upgrade;

    @Option(
            names = "--healthy-within",
            paramLabel = "TIME",
            converter = DurationConverter.OrZero.class,
            defaultValue = "2m",
            description = "With --upgrade: in which all tasks must run and a checkpoint complete, without a restart"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration healthyWithin;

    @Option(
            names = "--topic-prefix",
            description =
                    "What stands before every topic's name; default: as before where it goes on from a savepoint, else"
                            + " that of the site.")
    private @Nullable String topicPrefix;

    @Parameters(
            paramLabel = "--KEY VALUE",
            arity = "0..*",
            description = "Options of the job, after a `--`, for example: -- --scoring.batch-size 32")
    private List<String> jobOptions = List.of();

    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Site site = chosen.site();
        Path job = jar == null ? site.jobJar() : jar;
        if (upgrade) {
            return upgrade(site, job);
        }
        try (JobChange change = JobChange.begin(site, "job submit")) {
            return submit(site, job);
        }
    }

    private int submit(Site site, Path job) {
        RecommendationJobs jobs = new RecommendationJobs(site);
        Optional<StoredSavepoint> stored =
                savepoint == null ? Optional.empty() : Optional.of(jobs.savepointOf(savepoint));
        // What it was submitted with goes on too: pseudonyms, trusted keys, the names of its transactions.
        Optional<JobOrigin> before = stored.flatMap(StoredSavepoint::manifest).map(SavepointManifest::job);
        Map<String, String> options = JobLaunch.options(site, before, topicPrefix, jobOptions);
        String path = stored.map(each -> each.path().toString()).orElse(null);
        JobLaunch launch = new JobLaunch(job, mainClass, options, path, false);
        jobs.requireOwnTransactions(launch, null);
        new EpochClaims(site).requireWriting(launch.epoch());
        requireRestorable(site, launch);
        KafkaTopics.ensure(site, options.get(JobOptions.TOPIC_PREFIX.key()));
        requireSlots(site, options.get(JobOptions.TOPIC_PREFIX.key()));
        output.progress("submitting " + job);
        String jobId = jobs.submit(launch);
        output.result(
                Map.of("jobId", jobId),
                out -> out.println(
                        "Job " + jobId + " runs; see " + site.flink().rest().address()));
        return 0;
    }

    /** Without them the job would wait, fail and be started again for ever. */
    private void requireSlots(Site site, String prefix) {
        if (mainClass != null && !mainClass.equals(RecommendationJob.class.getName())) {
            return;
        }
        SiteCheck.Finding slots = new SiteCheck(site, prefix).slots();
        if (!slots.ok()) {
            throw new CommandFailedException(slots.text());
        }
    }

    private static void requireRestorable(Site site, JobLaunch launch) {
        if (launch.savepoint() == null) {
            return;
        }
        CompatibilityReport report = new CompatibilityCheck(site.flink().commandLine()).check(launch);
        if (!report.isCompatible()) {
            throw new CommandFailedException(
                    "This job can't go on from " + launch.savepoint() + ": " + String.join("; ", report.problems()));
        }
    }

    private int upgrade(Site site, Path job) {
        Upgrade.Result result = new Upgrade(site, output)
                .run(new UpgradeTarget(site).of(mainClass), job, mainClass, jobOptions, healthyWithin);
        output.result(result, out -> {
            if (result.problem() != null) {
                out.println("WENT BACK: " + result.problem());
            }
            out.printf(Locale.ROOT, "Job %s runs, after %.1f s.%n", result.jobId(), result.seconds());
        });
        return result.problem() == null ? 0 : 1;
    }
}
