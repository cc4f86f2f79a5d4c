package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
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
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        List<View> jobs = new RecommendationJobs(chosen.site())
                .all().stream().map(View::of).toList();
        output.result(Map.of("jobs", jobs), out -> {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("id", "name", "state", "started"));
            jobs.forEach(job -> rows.add(List.of(
                    job.jobId(), job.name(), job.state(), job.startedAt().toString())));
            Table.print(out, rows);
        });
        return 0;
    }

    /** A job as it is shown. */
    private record View(String jobId, String name, String state, Instant startedAt) {
        static View of(FlinkRest.Job job) {
            return new View(job.id(), job.name(), job.state(), Instant.ofEpochMilli(job.startTimeMillis()));
        }
    }
}
