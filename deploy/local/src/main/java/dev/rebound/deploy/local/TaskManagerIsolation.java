package dev.rebound.deploy.local;

import dev.rebound.deploy.site.BadTaskManager;
import dev.rebound.deploy.site.FlinkRest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says which TaskManager of a stack must be taken out, since Flink would go on to use it: one on which a job fails again and
 * again, and one whose process is there and that the JobManager has not known for a while. The latter hangs, or is cut off,
 * and would come back as a zombie.
 */
final class TaskManagerIsolation {
    /** Longer than a start takes on a busy machine, and than heartbeats may be late. */
    static final Duration SILENT = Duration.ofMinutes(2);

    private final InstantSource clock;
    private final Map<String, Instant> unknownSince = new HashMap<>();

    TaskManagerIsolation(InstantSource clock) {
        this.clock = clock;
    }

    /** @param reason for the log */
    record Bad(String name, String reason) {}

    /**
     * @param alive names of the processes that are there
     * @param registered those that the JobManager knows
     * @param failures of each running job, the latest first
     */
    Optional<Bad> among(List<String> alive, List<String> registered, List<List<FlinkRest.Failure>> failures) {
        Instant now = clock.instant();
        unknownSince.keySet().retainAll(alive);
        unknownSince.keySet().removeAll(registered);
        alive.stream().filter(name -> !registered.contains(name)).forEach(name -> unknownSince.putIfAbsent(name, now));
        Optional<Bad> silent = unknownSince.entrySet().stream()
                .filter(entry -> entry.getValue().plus(SILENT).isBefore(now))
                .map(entry -> new Bad(entry.getKey(), "the JobManager does not know it since " + entry.getValue()))
                .findFirst();
        return silent.or(() -> failures.stream()
                .flatMap(each -> BadTaskManager.among(each, now).stream())
                .filter(alive::contains)
                .map(name -> new Bad(name, "the job fails on it again and again"))
                .findFirst());
    }
}
