package dev.rebound.deploy.cli.job;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound job savepoints}. */
@Command(
        name = "savepoints",
        mixinStandardHelpOptions = true,
        description = "Lists the savepoints, the newest first. Each is opened, and every file of it looked for.",
        subcommands = JobSavepointsPrune.class)
final class JobSavepoints implements Callable<Integer> {
    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        List<SavepointView> savepoints = new RecommendationJobs(chosen.site())
                .savepoints().list().stream().map(SavepointView::of).toList();
        output.result(Map.of("savepoints", savepoints), out -> {
            List<List<String>> rows = new ArrayList<>();
            rows.add(SavepointView.HEAD);
            savepoints.forEach(each -> rows.add(each.row()));
            Table.print(out, rows);
            savepoints.stream()
                    .filter(each -> !each.valid())
                    .forEach(each -> out.println(each.id() + ": " + String.join("; ", each.problems())));
        });
        return 0;
    }
}
