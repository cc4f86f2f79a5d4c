package dev.rebound.deploy.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Flink's own command line front end, in a process of its own: what {@code flink run}, {@code list}, {@code stop} and
 * {@code cancel} do on any cluster.
 */
public final class FlinkCommandLine {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern SUBMITTED = Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");
    private static final Pattern SAVED = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    private final FlinkConfiguration configuration;

    FlinkCommandLine(FlinkConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * Runs one command to its end.
     *
     * @param arguments as after {@code flink}
     * @param limit how long it may take
     * @throws StackException if it takes longer
     */
    public CommandResult run(List<String> arguments, Duration limit) {
        return configuration.client(arguments).run(limit);
    }

    /**
     * Runs a main class of ours in a process like that of Flink's command line: Flink's libraries, those of the cluster's
     * {@code lib/} and the archive of that class, nothing else.
     *
     * @throws StackException if it takes longer than the limit
     */
    public CommandResult runMain(Class<?> main, List<String> arguments, Duration limit) {
        return configuration.client(main, arguments).run(limit);
    }

    /**
     * Submits a job and returns when the cluster has accepted it: {@code flink run -d}.
     *
     * @param flinkOptions before the jar, for example {@code -s SAVEPOINT} or {@code -Dkey=value}
     * @param jobArguments for the job's main
     * @return the job id
     * @throws StackException if the cluster does not accept it, with what Flink says
     */
    public String submit(Path jobJar, List<String> flinkOptions, List<String> jobArguments) {
        List<String> arguments = new ArrayList<>(List.of("run", "-d"));
        arguments.addAll(flinkOptions);
        arguments.add(jobJar.toString());
        arguments.addAll(jobArguments);
        return wanted(SUBMITTED, run(arguments, LIMIT), "Submitting " + jobJar);
    }

    /**
     * Ends a job with a canonical savepoint, which any state backend and later version can restore.
     *
     * @param folder on HDFS; the savepoint becomes a folder in it
     * @return the savepoint's path
     * @throws StackException if the savepoint fails; the job then goes on
     */
    public String stopWithSavepoint(String jobId, URI folder) {
        List<String> arguments = List.of("stop", "--type", "canonical", "--savepointPath", folder.toString(), jobId);
        return wanted(SAVED, run(arguments, LIMIT), "Stopping job " + jobId + " with a savepoint in " + folder);
    }

    /**
     * Makes a canonical savepoint of a job that goes on.
     *
     * @param folder on HDFS; the savepoint becomes a folder in it
     * @return the savepoint's path
     * @throws StackException if the savepoint fails
     */
    public String savepoint(String jobId, URI folder) {
        List<String> arguments = List.of("savepoint", "--type", "canonical", jobId, folder.toString());
        return wanted(SAVED, run(arguments, LIMIT), "The savepoint of job " + jobId + " in " + folder);
    }

    private static String wanted(Pattern pattern, CommandResult result, String action) {
        Matcher matcher = pattern.matcher(result.output());
        if (!result.succeeded() || !matcher.find()) {
            throw new StackException(action + " failed; Flink's command line ended with exit code " + result.exitCode()
                    + " and wrote:\n" + result.output());
        }
        return matcher.group(1);
    }
}
