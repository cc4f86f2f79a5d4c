package dev.rebound.deploy.cli.backup;

import dev.rebound.deploy.control.backup.BackupCreation;
import dev.rebound.deploy.control.backup.BackupKind;
import dev.rebound.deploy.control.backup.BackupManifest;
import dev.rebound.deploy.control.backup.BackupStore;
import dev.rebound.deploy.control.backup.BackupView;
import dev.rebound.deploy.terminal.CommandOutput;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound backup create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Makes a backup. It exists when all of it is written, and can be restored without any other one.")
final class BackupCreate implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Kind kind;

    @Mixin
    private SourceOptions what;

    @Mixin
    private TargetOptions target;

    @Mixin
    private CommandOutput output;

    private static final class Kind {
        @Option(
                names = "--full",
                required = true,
                description = "Read every file and write every byte anew, which mends what went bad on the target.")
        private boolean full;

        @Option(
                names = "--incremental",
                required = true,
                description = "Read what is new or changed since the newest backup, write what the target lacks.")
        @SuppressWarnings("UnusedVariable") // Exactly one of the group is given: the other one tells.
        private boolean incremental;
    }

    @Override
    public Integer call() throws IOException {
        try (BackupStore store = target.open()) {
            BackupManifest backup = new BackupCreation(store, target.hadoop(), output)
                    .create(kind.full ? BackupKind.FULL : BackupKind.INCREMENTAL, what.sources(target));
            BackupView view = BackupView.of(backup, store.objects());
            output.result(view, out -> {
                out.println(view.cost());
                out.println("Check it with: rebound backup verify " + view.id() + " --target " + store.root());
            });
            return 0;
        }
    }
}
