package dev.rebound.deploy.cli.backup;

import dev.rebound.deploy.control.backup.BackupPruning;
import dev.rebound.deploy.control.backup.BackupStore;
import dev.rebound.deploy.control.backup.Bytes;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DryRun;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound backup prune}. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description = "Deletes backups beyond the retention, and what no backup needs any longer.")
final class BackupPrune implements Callable<Integer> {
    @Mixin
    private RetentionOptions retention;

    @Mixin
    private DryRun dryRun;

    @Mixin
    private TargetOptions target;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws IOException {
        try (BackupStore store = target.open()) {
            BackupPruning.Pruned pruned = new BackupPruning(store).prune(retention.retention(), dryRun.isOn());
            output.result(pruned, out -> {
                pruned.deleted().forEach(id -> out.println(dryRun.deleted() + id));
                out.println(pruned.kept().size() + " backups stay; " + pruned.objects() + " objects, "
                        + Bytes.text(pruned.bytes()) + (dryRun.isOn() ? ", would be freed." : ", were freed."));
            });
            return 0;
        }
    }
}
