package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.dr.StandbyJars;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.savepoint.SavepointRetention;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DryRun;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound job savepoints prune}. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description =
                "Deletes all but the newest savepoints, and job jars that nothing needs any more. Never one that a job"
                        + " began with and has not completed a checkpoint since, nor the one that `rollback` would take.")
final class JobSavepointsPrune implements Callable<Integer> {
    @Option(names = "--keep", paramLabel = "N", required = true, description = "How many whole savepoints to keep.")
    private int keep;

    @Mixin
    private DryRun dryRun;

    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        RecommendationJobs jobs = new RecommendationJobs(chosen.site());
        SavepointRetention.Plan plan = SavepointRetention.plan(jobs.savepoints().list(), jobs.savepointsInUse(), keep);
        if (!dryRun.isOn()) {
            plan.delete().forEach(id -> {
                output.progress("deleting " + id);
                jobs.savepoints().delete(id);
            });
            Set<String> jars = new HashSet<>(jobs.jarsInUse());
            jars.addAll(StandbyJars.inUse(chosen.site()));
            jobs.archive().keepOnly(jars);
        }
        output.result(Map.of("deleted", plan.delete(), "kept", plan.keep(), "dryRun", dryRun.isOn()), out -> {
            plan.delete().forEach(id -> out.println(dryRun.deleted() + id));
            plan.keep().forEach((id, why) -> out.println("kept " + id + ": " + why));
        });
        return 0;
    }
}
