package dev.rebound.deploy.cli.backup;

import dev.rebound.deploy.control.backup.BackupStore;
import dev.rebound.deploy.control.backup.BackupVerification;
import dev.rebound.deploy.control.backup.Bytes;
import dev.rebound.deploy.terminal.CommandOutput;
import java.io.IOException;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound backup verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Restores a backup into a scratch folder and compares every byte; exits with 1 if it is not sound.")
final class BackupVerify implements Callable<Integer> {
    @Parameters(paramLabel = "ID", arity = "0..1", description = "The backup; default: the newest whole one.")
    private @Nullable String id;

    @Option(
            names = "--scratch",
            paramLabel = "URI",
            description =
                    "A folder with room for the whole backup, in which a new one is made and deleted again; default:"
                            + " the temporary folder of this machine.")
    private @Nullable URI scratch;

    @Mixin
    private TargetOptions target;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws IOException {
        try (BackupStore store = target.open()) {
            Path folder = scratch == null
                    ? BackupStore.scratchFolder()
                    : new Path(target.withScheme("--scratch", scratch), "rebound-verify-" + UUID.randomUUID());
            BackupVerification.Verified verified =
                    new BackupVerification(store, target.hadoop(), output).verify(store.find(id), folder);
            output.result(verified, out -> {
                verified.findings().forEach(finding -> out.println("NOT SOUND " + finding));
                verified.unread().forEach(file -> out.println("NOT CHECKED " + file));
                out.println("Backup " + verified.id() + ": " + verified.files() + " files, "
                        + Bytes.text(verified.bytes()) + ", " + verified.points()
                        + " savepoints and checkpoints; "
                        + verdict(verified));
            });
            return verified.sound() ? 0 : 1;
        }
    }

    private static String verdict(BackupVerification.Verified verified) {
        if (verified.sound()) {
            return "all of it is what it was.";
        }
        return verified.findings().isEmpty()
                ? "not all of it could be checked, which says nothing of it. Mend that, and verify it again."
                : "not sound. Rely on another one, and make a new one with --full.";
    }
}
