package dev.rebound.deploy.control.savepoint;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a job was submitted as, so that it can be submitted as that again.
 *
 * @param jar null where the job was not submitted by {@code rebound}, so that nobody kept its jar
 * @param mainClass null for the jar's own
 * @param options of the job, by key
 * @param restoredFrom path of the savepoint that it began with; null for an empty state
 */
public record JobOrigin(
        String jobId,
        String jobName,
        @Nullable KeptJar jar,
        @Nullable String mainClass,
        Map<String, String> options,
        @Nullable String restoredFrom,
        Instant submittedAt) {

    /** A job jar under the sum of its bytes. */
    public record KeptJar(String sha256, String path) {
        /** Enough of the sum to tell versions apart. */
        public String version() {
            return sha256.substring(0, 12);
        }
    }

    public JobOrigin {
        options = Map.copyOf(options);
    }

    /** The same under the name that Flink knows it by. */
    public JobOrigin named(String name) {
        return new JobOrigin(jobId, name, jar, mainClass, options, restoredFrom, submittedAt);
    }

    /** Empty where nobody kept the jar. */
    public Optional<KeptJar> keptJar() {
        return Optional.ofNullable(jar);
    }
}
