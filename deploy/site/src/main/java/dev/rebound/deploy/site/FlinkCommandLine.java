package dev.rebound.deploy.site;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Flink's own command line front end, in a process of its own, as {@code flink run} is on any cluster. */
public final class FlinkCommandLine {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Supplier<ClientJvm> jvm;

    /** @param jvm made when it is needed: a client's settings are rendered for it */
    public FlinkCommandLine(Supplier<ClientJvm> jvm) {
        this.jvm = jvm;
    }

    /**
     * Runs one command to its end.
     *
     * @param arguments as after {@code flink}
     * @param limit how long it may take
     * @throws CommandFailedException if it takes longer
     */
    public CommandResult run(List<String> arguments, Duration limit) {
        return jvm.get().commandLine(arguments).run(limit);
    }

    /**
     * Runs a main class of ours in a process like that of Flink's command line: Flink's libraries, those of the cluster's
     * {@code lib/} and the archive of that class, nothing else.
     *
     * @throws CommandFailedException if it takes longer than the limit
     */
    public CommandResult runMain(Class<?> main, List<String> arguments, Duration limit) {
        return jvm.get().main(main, arguments).run(limit);
    }

    /**
     * Submits a job under an id of the caller's: {@code flink run -d}.
     *
     * @param flinkOptions before the jar, for example {@code -s SAVEPOINT} or {@code -Dkey=value}
     * @param jobArguments for the job's main
     */
    CommandResult submit(String jobId, Path jobJar, List<String> flinkOptions, List<String> jobArguments) {
        List<String> arguments = new ArrayList<>(List.of("run", "-d", "-D$internal.pipeline.job-id=" + jobId));
        arguments.addAll(flinkOptions);
        arguments.add(jobJar.toString());
        arguments.addAll(jobArguments);
        return run(arguments, LIMIT);
    }
}
