package dev.rebound.deploy.cli.site;

import picocli.CommandLine.Command;

/** {@code rebound site}. */
@Command(
        name = "site",
        mixinStandardHelpOptions = true,
        description = "A Kafka, a Flink and a file system that belong together, described in one file.",
        subcommands = {SiteInit.class, SiteShow.class, SiteCheckCommand.class, SiteTopics.class})
public final class SiteCommand {}
