package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.job.CompatibilityCheck;
import dev.rebound.deploy.control.job.CompatibilityReport;
import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
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
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Site site = chosen.site();
        StoredSavepoint stored = new RecommendationJobs(site).savepointOf(savepoint);
        Optional<SavepointManifest> manifest = stored.manifest();
        JobLaunch launch = new JobLaunch(
                jar == null ? site.jobJar() : jar,
                mainClass != null
                        ? mainClass
                        : manifest.map(each -> each.job().mainClass()).orElse(null),
                JobLaunch.options(site, manifest.map(SavepointManifest::job), null, jobOptions),
                stored.path().toString(),
                false);
        CompatibilityReport report = new CompatibilityCheck(site.flink().commandLine()).check(launch);
        output.result(report, report::print);
        return report.isCompatible() ? 0 : 1;
    }
}
