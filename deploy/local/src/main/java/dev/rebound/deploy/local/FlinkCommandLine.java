package dev.rebound.deploy.local;

import java.time.Duration;
import java.util.List;

/**
 * Flink's own command line front end, in a process of its own: what {@code flink run}, {@code list}, {@code stop} and
 * {@code cancel} do on any cluster.
 */
public final class FlinkCommandLine {

    private final FlinkConfiguration configuration;

    FlinkCommandLine(FlinkConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * Runs one command to its end.
     *
     * @param arguments as after {@code flink}, for example {@code run -d job.jar --topic-prefix rebound.}
     * @param limit how long it may take
     * @throws StackException if it takes longer
     */
    public CommandResult run(List<String> arguments, Duration limit) {
        return configuration.client(arguments).run(limit);
    }
}
