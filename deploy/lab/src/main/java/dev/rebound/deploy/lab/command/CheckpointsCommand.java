package dev.rebound.deploy.ops.bench;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.console.Table;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound bench checkpoints}. */
@Command(
        name = "checkpoints",
        mixinStandardHelpOptions = true,
        description = {
            "Measures checkpoints of jobs that know more and more users: their size, what a change of 1 %% of the users"
                    + " writes and how long it takes, a savepoint of all of it, and a restore.",
        })
final class CheckpointsCommand implements Callable<Integer> {
    @Option(
            names = "--users",
            split = ",",
            defaultValue = "10000,100000,1000000",
            description = "How many, of one job after the other (default: ${DEFAULT-VALUE}).")
    private List<Integer> users;

    @Option(names = "--events-per-user", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int eventsPerUser;

    @Mixin
    private BenchStack bench;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        return bench.with(output, this::measure);
    }

    private void measure(LocalStack stack) {
        CheckpointBench checkpoints =
                new CheckpointBench(stack, "bench-" + Instant.now().toEpochMilli() + ".", eventsPerUser, output);
        List<CheckpointBench.Row> rows =
                users.stream().map(checkpoints::measure).toList();
        output.result(rows, out -> print(out, rows));
    }

    private static void print(PrintWriter out, List<CheckpointBench.Row> rows) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("users", "state", "savepoint of it", "users changed", "written", "in", "restored in"));
        for (CheckpointBench.Row row : rows) {
            table.add(List.of(
                    String.format("%,d", row.users()),
                    FileUtils.byteCountToDisplaySize(row.stateBytes()),
                    String.format("%.1f s", row.savepointSeconds()),
                    String.format("%,d", row.changedUsers()),
                    FileUtils.byteCountToDisplaySize(row.changeBytes()),
                    String.format("%.1f s", row.changeMillis() / 1e3),
                    String.format("%.1f s", row.restoreSeconds())));
        }
        Table.print(out, table);
    }
}
