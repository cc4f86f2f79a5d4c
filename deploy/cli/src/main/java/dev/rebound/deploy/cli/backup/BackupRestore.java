package dev.rebound.deploy.cli.backup;

import dev.rebound.deploy.control.backup.BackupManifest;
import dev.rebound.deploy.control.backup.BackupRestoration;
import dev.rebound.deploy.control.backup.BackupStore;
import dev.rebound.deploy.control.backup.Bytes;
import dev.rebound.deploy.control.backup.PartKind;
import dev.rebound.deploy.terminal.CommandOutput;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound backup restore}. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = "Writes a backup back. What is there with the same content stays, and nothing is written over.")
final class BackupRestore implements Callable<Integer> {
    @Parameters(paramLabel = "ID", arity = "0..1", description = "The backup; default: the newest whole one.")
    private @Nullable String id;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "Only these of: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<PartKind> only = EnumSet.allOf(PartKind.class);

    @Option(
            names = "--to",
            paramLabel = "URI",
            description = "Write models/, savepoints/ and configuration/ into this folder; default: where each was."
                    + " Checkpoints hold absolute paths and go back to where they were only.")
    private @Nullable URI to;

    @Mixin
    private TargetOptions target;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws IOException {
        try (BackupStore store = target.open()) {
            BackupManifest backup = store.find(id);
            BackupRestoration.Restored restored = new BackupRestoration(store, target.hadoop(), output)
                    .restore(backup, only, to == null ? null : target.withScheme("--to", to));
            output.result(restored, out -> {
                out.println("Restored " + restored.files() + " files, " + Bytes.text(restored.bytes()) + ", of backup "
                        + backup.id() + "; " + restored.present() + " were there already.");
                restored.points()
                        .forEach(point -> out.println("Go on with: rebound job submit --from-savepoint " + point));
            });
            return 0;
        }
    }
}
