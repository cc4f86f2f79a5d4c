package dev.rebound.deploy.site;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;

/** The Flink of a site: a session cluster, which takes jobs while it runs. */
public final class FlinkCluster {
    private final FlinkRest rest;
    private final FlinkCommandLine commandLine;
    private final Supplier<Configuration> settings;
    private final Patience patience;

    /** @param settings of the cluster, asked for each time */
    public FlinkCluster(FlinkRest rest, FlinkCommandLine commandLine, Supplier<Configuration> settings) {
        this(rest, commandLine, settings, Duration.ofMinutes(1));
    }

    /** @param leaderless how long to ask again while no JobManager says whether it has a job */
    public FlinkCluster(
            FlinkRest rest, FlinkCommandLine commandLine, Supplier<Configuration> settings, Duration leaderless) {
        this.patience = Patience.of(leaderless, Duration.ofSeconds(1))
                .bearing(failure -> failure instanceof FlinkRestException refused && !refused.isNotFound());
        this.rest = rest;
        this.commandLine = commandLine;
        this.settings = settings;
    }

    public FlinkRest rest() {
        return rest;
    }

    public FlinkCommandLine commandLine() {
        return commandLine;
    }

    /** What the cluster was configured with; secrets are masked. */
    public Configuration settings() {
        return settings.get();
    }

    /** An id for a job that is to be submitted. */
    public static String newJobId() {
        return JobID.generate().toHexString();
    }

    /** Submits a job under an id that nobody else knows. */
    public String submit(Path jobJar, List<String> flinkOptions, List<String> jobArguments) {
        String jobId = newJobId();
        submit(jobId, jobJar, flinkOptions, jobArguments);
        return jobId;
    }

    /**
     * Submits a job and returns when the cluster has accepted it.
     *
     * @param jobId one of {@link #newJobId}
     * @param flinkOptions as those of {@code flink run}
     * @param jobArguments for the job's main
     * @throws CommandFailedException if the cluster has not got the job, with what Flink says
     * @throws UnknownOutcomeException if it may have got it
     */
    public void submit(String jobId, Path jobJar, List<String> flinkOptions, List<String> jobArguments) {
        CommandFailedException failure;
        try {
            CommandResult result = commandLine.submit(jobId, jobJar, flinkOptions, jobArguments);
            if (result.succeeded()) {
                return;
            }
            failure = new CommandFailedException("Submitting " + jobJar + " failed: " + cause(result.output()));
        } catch (CommandFailedException e) {
            failure = e;
        }
        // The client may fail after the cluster has taken the job, which then must not be submitted again.
        if (!knows(jobId, failure)) {
            throw failure;
        }
    }

    private boolean knows(String jobId, CommandFailedException failure) {
        try {
            patience.run(() -> rest.job(jobId));
            return true;
        } catch (FlinkRestException e) {
            if (e.isNotFound()) {
                return false;
            }
            throw new UnknownOutcomeException(
                    failure.getMessage()
                            + "\nWhether Flink has taken it is unknown, since it does not answer now: look for"
                            + " job " + jobId + " with `rebound job list` before you submit again",
                    failure);
        }
    }

    /** Flink's command line prints the whole stack trace: the last cause, and what led to it. */
    private static String cause(String output) {
        return output.lines()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, last) -> last)
                .map(line -> line.substring("Caused by: ".length()) + "\nFlink's command line wrote:\n" + output)
                .orElse("\n" + output);
    }

    /**
     * Ends a job with a canonical savepoint, which any state backend and later version can restore.
     *
     * @param folder on the site's file system; the savepoint becomes a folder in it
     * @return the savepoint's path
     * @throws CommandFailedException if the savepoint fails; the job then goes on
     */
    public String stopWithSavepoint(String jobId, URI folder) {
        return new SavepointRequest(rest, jobId).stop(folder);
    }

    /**
     * Makes a canonical savepoint of a job that goes on.
     *
     * @param folder on the site's file system; the savepoint becomes a folder in it
     * @return the savepoint's path
     * @throws CommandFailedException if the savepoint fails
     */
    public String savepoint(String jobId, URI folder) {
        return new SavepointRequest(rest, jobId).save(folder);
    }
}
