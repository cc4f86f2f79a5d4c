package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.drill.DrillHistory;
import dev.rebound.deploy.lab.drill.KeptReport;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound dr drills}. */
@Command(
        name = "drills",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the drills on this machine measured: how many of each kind, median and worst RTO, worst RPO.",
            "Ends with 1 if there was none, or anything was wrong in one."
        })
public final class DrillsCommand implements Callable<Integer> {
    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Path folder = DrillCommand.reports();
        List<DrillHistory> history = DrillHistory.of(KeptReport.readAll(folder));
        output.result(history, out -> {
            if (history.isEmpty()) {
                out.println("There is no report in " + folder + ". Make one with: rebound dr drill");
            } else {
                Table.print(out, DrillHistory.table(history));
            }
        });
        return !history.isEmpty() && history.stream().allMatch(kind -> kind.wrong() == 0) ? 0 : 1;
    }
}
