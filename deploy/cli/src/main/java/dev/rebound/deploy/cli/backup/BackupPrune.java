package dev.rebound.deploy.ops.backup;

import dev.rebound.deploy.ops.console.CommandOutput;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound backup prune}. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description = "Deletes backups beyond the retention, and what no backup needs any longer.")
final class BackupPrune implements Callable<Integer> {
    @Mixin
    private RetentionOptions retention;

    @Option(names = "--dry-run", description = "Only tell what would be deleted.")
    private boolean dryRun;

    @Mixin
    private TargetOptions target;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws IOException {
        try (BackupStore store = target.open()) {
            BackupPruning.Pruned pruned = new BackupPruning(store).prune(retention.retention(), dryRun);
            output.result(pruned, out -> {
                pruned.deleted().forEach(id -> out.println((dryRun ? "would delete " : "deleted ") + id));
                out.println(pruned.kept().size() + " backups stay; " + pruned.objects() + " objects, "
                        + Bytes.text(pruned.bytes()) + (dryRun ? ", would be freed." : ", were freed."));
            });
            return 0;
        }
    }
}
