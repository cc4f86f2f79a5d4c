package dev.rebound.deploy.cli.dr;

import dev.rebound.deploy.lab.command.DrillCommand;
import dev.rebound.deploy.lab.command.DrillsCommand;
import picocli.CommandLine.Command;

/** {@code rebound dr}. */
@Command(
        name = "dr",
        mixinStandardHelpOptions = true,
        description = "Keeps a second site ready to take over, and has it take over.",
        subcommands = {
            DrStandby.class,
            DrStatus.class,
            DrFailover.class,
            DrFailback.class,
            DrillCommand.class,
            DrillsCommand.class
        })
public final class DrCommand {}
