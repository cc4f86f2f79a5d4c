package dev.rebound.deploy.lab.drill;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a drill measured.
 *
 * @param rtoSeconds from the loss of the primary to the first committed output of the standby, the command included; null if
 *     none came
 * @param rpoSeconds how much older the newest input that arrived is than the newest that the primary had acknowledged
 * @param rpoEvents inputs that the primary had acknowledged and that did not arrive
 * @param lost what is missing on the standby though its cause arrived
 * @param duplicated what is there twice
 * @param acceptedOldEpoch outputs of the primary that a reader with the epoch filter took after the first of the standby
 * @param findings what is wrong, each with an example
 */
public record DrillReport(
        String kind,
        long seed,
        @Nullable Double rtoSeconds,
        double rpoSeconds,
        long rpoEvents,
        long lost,
        long duplicated,
        long acceptedOldEpoch,
        List<Step> steps,
        List<String> findings) {

    /** A part of the way and how long it took. */
    public record Step(String name, double seconds) {}

    /** Of a drill that did not come to its end. */
    public static DrillReport brokenOff(DrillKind kind, long seed, String why) {
        return new DrillReport(
                kind.toString(), seed, null, 0, 0, 0, 0, 0, List.of(), List.of("the drill broke off: " + why));
    }

    /** In a line, for people. */
    public String summary() {
        if (rtoSeconds == null) {
            return kind + ", seed " + seed + ": " + String.join("; ", findings);
        }
        return String.format(
                Locale.ROOT,
                "%s, seed %d: RTO %.1f s, RPO %.2f s or %d inputs; of what arrived: lost %d, duplicated %d; outputs of the old"
                        + " epoch accepted: %d%s",
                kind,
                seed,
                rtoSeconds,
                rpoSeconds,
                rpoEvents,
                lost,
                duplicated,
                acceptedOldEpoch,
                isRight() ? "" : "; WRONG");
    }

    /** Whether nothing beyond the RPO was lost, and nothing repeated. */
    public boolean isRight() {
        return rtoSeconds != null && lost == 0 && duplicated == 0 && acceptedOldEpoch == 0 && findings.isEmpty();
    }
}
