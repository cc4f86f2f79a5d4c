package dev.rebound.deploy.cli.backup;

import picocli.CommandLine.Command;

/** {@code rebound backup}. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copies of the model registry, savepoints, checkpoints and settings on another file system.",
        subcommands = {
            BackupCreate.class,
            BackupList.class,
            BackupVerify.class,
            BackupRestore.class,
            BackupPrune.class,
            BackupSchedule.class
        })
public final class BackupCommand {}
