package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.job.Rollback;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound job rollback}. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description =
                "Stops the job with a savepoint of the present and goes back to an earlier one: its state, the job jar"
                        + " that made it, the model releases of that moment. Input since is read again; outputs since come"
                        + " again with the same recommendationId.")
final class JobRollback implements Callable<Integer> {
    @Option(
            names = "--to",
            paramLabel = "ID",
            description =
                    "The savepoint; the one that the job began with unless given, or the newest whole one before it."
                            + " If no job runs, the job is the one that was submitted last.")
    private @Nullable String savepoint;

    @Option(names = "--job", paramLabel = "ID", description = "The job to end; may be left out if at most one runs.")
    private @Nullable String jobId;

    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Site site = chosen.site();
        RecommendationJobs jobs = new RecommendationJobs(site);
        @Nullable
        String running = jobId == null && jobs.running().isEmpty()
                ? null
                : RecommendationJobs.find(site.flink().rest(), jobId);
        Rollback rollback = new Rollback(site, output);
        StoredSavepoint target = savepoint == null ? rollback.before(running) : jobs.savepointOf(savepoint);
        Rollback.Result result = rollback.to(target, running);
        output.result(result, out -> {
            out.printf(
                    Locale.ROOT,
                    "Job %s runs from %s with job version %s, after %.1f s.%n",
                    result.jobId(),
                    result.savepoint(),
                    result.jobVersion(),
                    result.seconds());
            result.releasesIssued().forEach(release -> out.println("Model release issued: " + release));
            if (result.savepointOfThePresent() != null) {
                out.println("What was left is in " + result.savepointOfThePresent());
            }
        });
        return 0;
    }
}
