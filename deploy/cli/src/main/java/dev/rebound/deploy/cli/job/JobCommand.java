package dev.rebound.deploy.cli.job;

import picocli.CommandLine.Command;

/** {@code rebound job}. */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        description = "The recommendation job on the local Flink.",
        subcommands = {
            JobSubmit.class,
            JobList.class,
            JobStop.class,
            JobSavepoint.class,
            JobSavepoints.class,
            JobCheck.class,
            JobRollback.class
        })
public final class JobCommand {}
