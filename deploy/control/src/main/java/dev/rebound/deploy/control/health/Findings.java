package dev.rebound.deploy.control.health;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The symptoms of one observation, each with when it was seen first. */
final class Findings {
    private final Instant at;
    private final Map<String, Instant> before;
    private final List<Symptom> symptoms = new ArrayList<>();
    private final Map<String, Instant> since = new HashMap<>();

    private Findings(Instant at, Map<String, Instant> before) {
        this.at = at;
        this.before = before;
    }

    static Findings none() {
        return new Findings(Instant.MIN, Map.of());
    }

    /** Of the observation after this one. */
    Findings next(Instant later) {
        return new Findings(later, since);
    }

    Instant at() {
        return at;
    }

    List<Symptom> symptoms() {
        return symptoms;
    }

    void add(Condition condition, String subject, String detail) {
        String key = condition + "/" + subject;
        Instant first = before.getOrDefault(key, at);
        since.put(key, first);
        symptoms.add(new Symptom(condition, subject, detail, first));
    }

    void addIf(@Nullable String problem, Condition condition, String subject) {
        if (problem != null) {
            add(condition, subject, problem);
        }
    }

    /** Whether something is seen that brings this about, directly or not. */
    boolean explain(Condition effect) {
        return symptoms.stream()
                .anyMatch(symptom -> RootCause.reachable(symptom.condition()).contains(effect));
    }
}
