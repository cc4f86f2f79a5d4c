package dev.rebound.deploy.local.command;

import picocli.CommandLine.Command;

/** {@code rebound stack mirror}. */
@Command(
        name = "mirror",
        mixinStandardHelpOptions = true,
        description = "Copies the topics of another site to the one of --site, as a process of this machine.",
        subcommands = {MirrorStart.class, MirrorStop.class, MirrorStatusCommand.class})
final class MirrorCommand {}
