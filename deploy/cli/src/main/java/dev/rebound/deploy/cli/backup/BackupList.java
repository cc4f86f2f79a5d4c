package dev.rebound.deploy.cli.backup;

import dev.rebound.deploy.control.backup.BackupStore;
import dev.rebound.deploy.control.backup.BackupView;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound backup list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Shows the backups of a target, the newest first.")
final class BackupList implements Callable<Integer> {
    @Mixin
    private TargetOptions target;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws IOException {
        try (BackupStore store = target.open()) {
            Map<String, Long> objects = store.objects();
            List<BackupView> backups = store.manifests().stream()
                    .map(backup -> BackupView.of(backup, objects))
                    .toList();
            output.result(Map.of("backups", backups), out -> {
                List<List<String>> rows = new ArrayList<>(List.of(BackupView.HEAD));
                backups.forEach(backup -> rows.add(backup.row()));
                Table.print(out, rows);
            });
            return 0;
        }
    }
}
