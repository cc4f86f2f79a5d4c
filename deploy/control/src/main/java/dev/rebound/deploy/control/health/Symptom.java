package dev.rebound.deploy.control.health;

import java.time.Instant;

/**
 * A condition that is seen.
 *
 * @param subject what it is about, such as a job's id or a folder
 * @param detail what was measured
 * @param since when it was seen first
 */
public record Symptom(Condition condition, String subject, String detail, Instant since) {

    /** Whether it is the same, seen at another time. */
    boolean isSameAs(Symptom other) {
        return condition == other.condition && subject.equals(other.subject);
    }
}
