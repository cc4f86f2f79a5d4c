package dev.rebound.deploy.ops.job;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.savepoint.StoredSavepoint;
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
                        + " that made it, the model releases of that moment. Input since is read again; outputs since come again"
                        + " with the same recommendationId.")
final class JobRollback implements Callable<Integer> {
    @Option(
            names = "--to",
            paramLabel = "ID",
            description = "The savepoint; the newest one of an earlier job than the running one unless given.")
    private @Nullable String savepoint;

    @Option(names = "--job", paramLabel = "ID", description = "The job to end; may be left out if at most one runs.")
    private @Nullable String jobId;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        LocalStack stack = ClusterOptions.localStack();
        RecommendationJobs jobs = new RecommendationJobs(stack);
        @Nullable
        String running =
                jobId == null && jobs.running().isEmpty() ? null : RecommendationJobs.find(stack.rest(), jobId);
        Rollback rollback = new Rollback(stack, output);
        StoredSavepoint target = savepoint == null
                ? rollback.newestOfAnEarlierJob(running)
                : jobs.savepoints().find(savepoint);
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
