package dev.rebound.deploy.ops.bench;

import picocli.CommandLine.Command;

/** {@code rebound bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures the job on the local stack, and its guard by simulation.",
        subcommands = {PipelineCommand.class, GuardCommand.class})
public final class BenchCommand {}
