package dev.rebound.deploy.local.command;

import picocli.CommandLine.Command;

/** {@code rebound stack}. */
@Command(
        name = "stack",
        mixinStandardHelpOptions = true,
        description =
                "The local Kafka, HDFS and Flink, as processes on 127.0.0.1: one stack, or a second one with --site NAME.",
        subcommands = {StackUp.class, StackDown.class, StackStatus.class, MirrorCommand.class})
public final class StackCommand {}
