package dev.rebound.deploy.site;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the TaskManager on which a job fails again and again, such as one whose disk is broken. Flink would put the tasks
 * there each time.
 */
public final class BadTaskManager {
    /** So many in a row on the same one. */
    private static final int FAILURES = 4;

    private static final Duration LATELY = Duration.ofMinutes(5);

    /** What Kafka, HDFS or a TaskManager that has gone did shows on whichever TaskManager notices it first. */
    private static final Pattern OF_ANOTHER = Pattern.compile("^(Caused by: )?(org\\.apache\\.kafka\\."
            + "|org\\.apache\\.hadoop\\.|java\\.net\\.|.*RemoteTransportException|.*TaskManager with id)");

    private BadTaskManager() {}

    /**
     * @param failures of one job, the latest first
     * @return its id; empty as long as the job fails for another reason, or nowhere in particular
     */
    public static Optional<String> among(List<FlinkRest.Failure> failures, Instant now) {
        List<FlinkRest.Failure> newest = failures.stream()
                .filter(failure -> !ofAnother(failure))
                .limit(FAILURES)
                .toList();
        if (newest.size() < FAILURES) {
            return Optional.empty();
        }
        boolean lately = newest.get(FAILURES - 1).atMillis() > now.minus(LATELY).toEpochMilli();
        String suspect = newest.get(0).taskManager();
        boolean alone = newest.stream().allMatch(failure -> suspect != null && suspect.equals(failure.taskManager()));
        return lately && alone ? Optional.of(suspect) : Optional.empty();
    }

    private static boolean ofAnother(FlinkRest.Failure failure) {
        return failure.stackTrace()
                .lines()
                .anyMatch(line -> OF_ANOTHER.matcher(line).find());
    }
}
