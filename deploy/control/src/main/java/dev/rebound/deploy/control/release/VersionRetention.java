package dev.rebound.deploy.control.release;

import dev.rebound.operators.release.ModelRegistry.Registered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a registry may go. Of each model the newest stay, and whatever a stage or a savepoint refers to.
 *
 * @param keep how many of the newest versions of each model stay
 * @param olderThan younger ones stay; null where age does not matter
 */
public record VersionRetention(int keep, @Nullable Duration olderThan) {

    /**
     * What is to become of a version.
     *
     * @param why it stays; null if it may go
     */
    public record Verdict(Registered version, @Nullable String why) {
        public boolean goes() {
            return why == null;
        }
    }

    /**
     * Judges every version.
     *
     * @param versions of each model the newest first
     * @param savepoints by version, one that refers to it
     */
    public List<Verdict> judge(List<Registered> versions, Stages stages, Map<String, String> savepoints, Instant now) {
        Map<String, Integer> seen = new HashMap<>();
        List<Verdict> verdicts = new ArrayList<>();
        for (Registered version : versions) {
            int newer = seen.merge(version.model(), 1, Integer::sum) - 1;
            verdicts.add(new Verdict(version, whyItStays(version, newer, stages, savepoints, now)));
        }
        return verdicts;
    }

    private @Nullable String whyItStays(
            Registered version, int newer, Stages stages, Map<String, String> savepoints, Instant now) {
        String key = version.key();
        if (stages.inUse(key)) {
            return "is " + stages.of(key).orElseThrow();
        }
        if (savepoints.containsKey(key)) {
            return "is in " + savepoints.get(key);
        }
        if (version.manifest() == null) {
            return "its manifest cannot be read, so nobody knows what it is";
        }
        if (newer < keep) {
            return "is one of the newest " + keep;
        }
        if (olderThan != null && version.manifest().createdAt().isAfter(now.minus(olderThan))) {
            return "is younger than " + olderThan;
        }
        return null;
    }
}
