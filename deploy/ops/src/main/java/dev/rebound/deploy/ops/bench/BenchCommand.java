package dev.rebound.deploy.ops.bench;

import picocli.CommandLine.Command;

/** {@code rebound bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures the job on the local stack.",
        subcommands = PipelineCommand.class)
public final class BenchCommand {}
