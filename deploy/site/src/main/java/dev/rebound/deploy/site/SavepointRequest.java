package dev.rebound.deploy.site;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Has one savepoint made, under an id of its own: asked again for the same, Flink makes no second one. */
final class SavepointRequest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** A JobManager that has just changed does not answer for some seconds. */
    private static final Patience WHILE_NOBODY_ANSWERS = Patience.of(Duration.ofSeconds(20), Duration.ofSeconds(1))
            .bearing(failure -> failure instanceof FlinkRestException rest && !rest.isRefusal());

    /** A JobManager that took over knows no requests of the one before. */
    private static final Patience UNTIL_IT_IS_LOST = Patience.of(PATIENCE, Duration.ofMillis(200))
            .bearing(failure -> failure instanceof FlinkRestException rest && !rest.isNotFound());

    private final FlinkRest rest;
    private final String jobId;
    private final String triggerId;

    SavepointRequest(FlinkRest rest, String jobId) {
        this.rest = rest;
        this.jobId = jobId;
        this.triggerId = String.format(
                Locale.ROOT,
                "%016x%016x",
                ThreadLocalRandom.current().nextLong(),
                ThreadLocalRandom.current().nextLong());
    }

    String stop(URI folder) {
        WHILE_NOBODY_ANSWERS.run(() -> rest.stopWithSavepoint(jobId, folder, triggerId));
        return await("Stopping job " + jobId + " with a savepoint in " + folder);
    }

    String save(URI folder) {
        WHILE_NOBODY_ANSWERS.run(() -> rest.triggerSavepoint(jobId, folder, triggerId));
        return await("The savepoint of job " + jobId + " in " + folder);
    }

    private String await(String action) {
        FlinkRest.SavepointOutcome outcome = UNTIL_IT_IS_LOST
                .get(() -> rest.savepoint(jobId, triggerId), Optional::isPresent)
                .orElseThrow(() -> new CommandFailedException(action + " is not done after " + PATIENCE.toMinutes()
                        + " minutes; Flink goes on with it. See: rebound job list, rebound job savepoints"));
        if (outcome.location() == null) {
            throw new CommandFailedException(action + " failed: " + outcome.cause());
        }
        return outcome.location();
    }
}
