package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.bench.CheckpointBench;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
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
    private BorrowedStack borrowed;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        return borrowed.with(output, this::measure);
    }

    private int measure(LocalStack stack) {
        String run = "bench-" + Instant.now().toEpochMilli() + ".";
        borrowed.owns(prefix -> prefix.startsWith(run));
        CheckpointBench checkpoints = new CheckpointBench(stack, run, eventsPerUser, output);
        List<CheckpointBench.Row> rows =
                users.stream().map(checkpoints::measure).toList();
        output.result(rows, out -> print(out, rows));
        return 0;
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
