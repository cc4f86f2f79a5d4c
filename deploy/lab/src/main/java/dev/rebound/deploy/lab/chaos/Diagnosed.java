package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.control.health.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor said of one fault.
 *
 * @param right whether it named exactly the expected causes at one look while the fault lasted; where none is expected,
 *     whether it never named any
 * @param seconds from the fault to that look; null where there was none
 * @param expected causes
 * @param others causes that it named at any look of this round beside the expected ones, such as an effect that was seen first
 * @param said in full, at that look; else all that was named, each when it was named first
 */
record Diagnosed(
        boolean right, @Nullable Double seconds, List<Condition> expected, List<Condition> others, List<String> said) {

    String text() {
        return (right ? "right" : "WRONG, must be " + expected)
                + (seconds == null ? "" : String.format(" after %.1f s", seconds))
                + (others.isEmpty() ? "" : ", also named " + others)
                + (said.isEmpty() ? "" : ": " + String.join("; ", said));
    }
}
