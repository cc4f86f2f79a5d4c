package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
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
        description =
                "Makes a canonical savepoint; the job goes on. Waits until the outputs up to it are committed, which"
                        + " takes two checkpoints.")
final class JobSavepoint implements Callable<Integer> {
    @Parameters(paramLabel = "JOB", arity = "0..1", description = "The job's id; may be left out if only one runs.")
    private @Nullable String jobId;

    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        String id = RecommendationJobs.find(chosen.site().flink().rest(), jobId);
        output.progress("savepoint of job " + id);
        StoredSavepoint made = new RecommendationJobs(chosen.site()).savepoint(id);
        String path = made.path().toString();
        boolean committed =
                made.manifest().map(SavepointManifest::outputsCommitted).orElse(false);
        if (!committed) {
            output.progress(
                    "no two checkpoints have completed since: until then `rebound job rollback` refuses it, since"
                            + " outputs before it may not be committed");
        }
        output.result(Map.of("jobId", id, "savepoint", path, "outputsCommitted", committed), out -> out.println(path));
        return 0;
    }
}
