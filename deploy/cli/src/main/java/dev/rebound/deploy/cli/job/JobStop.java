package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.job.JobChange;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound job stop}. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Stops a job with a canonical savepoint, from which it can go on.")
final class JobStop implements Callable<Integer> {
    @Parameters(paramLabel = "JOB", arity = "0..1", description = "The job's id; may be left out if only one runs.")
    private @Nullable String jobId;

    @Option(names = "--without-savepoint", description = "Give up what it did since its last checkpoint.")
    private boolean withoutSavepoint;

    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        RecommendationJobs jobs = new RecommendationJobs(chosen.site());
        String id = RecommendationJobs.find(chosen.site().flink().rest(), jobId);
        try (JobChange change = JobChange.begin(chosen.site(), "job stop")) {
            return stop(jobs, id);
        }
    }

    private int stop(RecommendationJobs jobs, String id) {
        if (withoutSavepoint) {
            jobs.cancel(id);
            output.result(Map.of("jobId", id), out -> out.println("Job " + id + " has ended, without a savepoint."));
            return 0;
        }
        output.progress("stopping job " + id + " with a savepoint");
        String path = jobs.stop(id).path().toString();
        output.result(Map.of("jobId", id, "savepoint", path), out -> {
            out.println("Job " + id + " has ended; its state is in " + path);
            out.println("Go on with: rebound job submit --from-savepoint " + path);
        });
        return 0;
    }
}
