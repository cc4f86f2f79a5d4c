package dev.rebound.deploy.lab.command;

import picocli.CommandLine.Command;

/** {@code rebound bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures the job and its checkpoints on the local stack, its steps under overload, and its guard by simulation.",
        subcommands = {PipelineCommand.class, CheckpointsCommand.class, OverloadCommand.class, GuardCommand.class})
public final class BenchCommand {}
