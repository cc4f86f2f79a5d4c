package dev.rebound.deploy.ops.job;

import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.console.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound job list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Shows the jobs that Flink remembers, ended ones too.")
final class JobList implements Callable<Integer> {
    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        List<FlinkRest.Job> jobs = new RecommendationJobs(ClusterOptions.localStack()).all();
        output.result(Map.of("jobs", jobs), out -> {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("id", "name", "state", "started"));
            jobs.forEach(job -> rows.add(List.of(
                    job.id(),
                    job.name(),
                    job.state(),
                    Instant.ofEpochMilli(job.startTimeMillis()).toString())));
            Table.print(out, rows);
        });
        return 0;
    }
}
