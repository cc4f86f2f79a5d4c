package dev.rebound.deploy.ops.job;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.savepoint.SavepointManifest;
import dev.rebound.deploy.ops.savepoint.StoredSavepoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound job check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Says what a job would not restore of a savepoint: operators by uid, formats of their state, max"
                + " parallelism, the models. Nothing is stopped or started. Exits with 1 if something is.")
final class JobCheck implements Callable<Integer> {
    @Option(names = "--savepoint", paramLabel = "ID", required = true, description = "Name or path of the savepoint.")
    private String savepoint;

    @Option(names = "--jar", paramLabel = "FILE", description = "The job jar; that of this distribution unless given.")
    private @Nullable Path jar;

    @Option(names = "--main-class", paramLabel = "CLASS", description = "Another job of the jar.")
    private @Nullable String mainClass;

    @Parameters(
            paramLabel = "--KEY VALUE",
            arity = "0..*",
            description = "Options of the job, after a `--`, instead of those that the savepoint was made with.")
    private List<String> jobOptions = List.of();

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        LocalStack stack = ClusterOptions.localStack();
        StoredSavepoint stored = new RecommendationJobs(stack).savepoints().find(savepoint);
        Optional<SavepointManifest> manifest = stored.manifest();
        JobLaunch launch = new JobLaunch(
                jar == null ? stack.layout().jobJar() : jar,
                mainClass != null
                        ? mainClass
                        : manifest.map(each -> each.job().mainClass()).orElse(null),
                JobLaunch.options(stack, manifest.map(SavepointManifest::job), jobOptions),
                stored.path().toString(),
                false);
        CompatibilityReport report = new CompatibilityCheck(stack.flink()).check(launch);
        output.result(report, report::print);
        return report.isCompatible() ? 0 : 1;
    }
}
