package dev.rebound.deploy.ops.job;

import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rebound job savepoint}. */
@Command(
        name = "savepoint",
        mixinStandardHelpOptions = true,
        description = "Makes a canonical savepoint; the job goes on.")
final class JobSavepoint implements Callable<Integer> {
    @Parameters(paramLabel = "JOB", arity = "0..1", description = "The job's id; may be left out if only one runs.")
    private @Nullable String jobId;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        String id = RecommendationJobs.find(ClusterOptions.localStack().rest(), jobId);
        output.progress("savepoint of job " + id);
        String path = new RecommendationJobs(ClusterOptions.localStack())
                .savepoint(id)
                .path()
                .toString();
        output.result(Map.of("jobId", id, "savepoint", path), out -> out.println(path));
        return 0;
    }
}
