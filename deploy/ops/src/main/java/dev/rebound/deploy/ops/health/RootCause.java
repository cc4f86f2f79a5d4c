package dev.rebound.deploy.ops.health;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the roots among symptoms: what no other symptom can have brought about. An effect may be seen before its cause,
 * whose probe waits for a timeout, but not long before: a checkpoint that failed for an hour is not the work of a
 * NameNode that died just now.
 */
final class RootCause {
    /** By how much an effect may be seen before its cause: a probe's patience and a few rounds. */
    static final Duration SEEN_BEFORE = Duration.ofMinutes(1);

    private RootCause() {}

    /** @return the roots with what follows from each, the gravest first; a symptom may follow from several */
    static List<Diagnosis> locate(List<Symptom> symptoms) {
        List<Diagnosis> diagnoses = new ArrayList<>();
        for (Symptom symptom : symptoms) {
            boolean explained = symptoms.stream().anyMatch(other -> bringsAbout(other, symptom));
            if (!explained) {
                List<Symptom> explains = symptoms.stream()
                        .filter(other -> bringsAbout(symptom, other))
                        .toList();
                diagnoses.add(new Diagnosis(symptom, explains));
            }
        }
        // Conditions are declared with the loudest first; severities are ordered with the gravest last.
        diagnoses.sort(
                Comparator.comparing((Diagnosis diagnosis) -> diagnosis.root().condition() != Condition.COMMITS_FAILED)
                        .thenComparing(diagnosis -> diagnosis.root().condition().severity(), Comparator.reverseOrder())
                        .thenComparing(diagnosis -> diagnosis.root().condition()));
        return diagnoses;
    }

    private static boolean bringsAbout(Symptom cause, Symptom effect) {
        return cause.condition() != effect.condition()
                && reachable(cause.condition()).contains(effect.condition())
                && !effect.since().isBefore(cause.since().minus(SEEN_BEFORE));
    }

    private static Set<Condition> reachable(Condition from) {
        Set<Condition> reached = EnumSet.noneOf(Condition.class);
        Deque<Condition> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            for (Condition effect : open.pop().effects()) {
                if (reached.add(effect)) {
                    open.push(effect);
                }
            }
        }
        return reached;
    }
}
