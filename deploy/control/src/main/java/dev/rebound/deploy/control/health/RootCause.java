package dev.rebound.deploy.control.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the roots among symptoms: what no other symptom can have brought about.
 *
 * <p>An effect may be seen before its cause, whose probe waits for a timeout, but not long before: a checkpoint that failed
 * for an hour is not the work of a NameNode that died just now. And it may last longer than its cause: a job that lost its
 * broker still restarts when the broker is back, and that is no new trouble.
 */
final class RootCause {
    /** By how much an effect may be seen before its cause, or begin after it: a probe's patience and a few rounds. */
    static final Duration APART = Duration.ofMinutes(1);
    /** For how long a cause that is over explains what is still there. */
    static final Duration LASTS = Duration.ofMinutes(2);

    private List<Past> past = new ArrayList<>();

    private record Past(Symptom cause, Instant lastSeen) {
        boolean explains(Symptom effect) {
            return bringsAbout(cause, effect) && !effect.since().isAfter(lastSeen.plus(APART));
        }
    }

    /**
     * @param at the moment at which they were seen
     * @return the roots with what follows from each, the gravest first; a symptom may follow from several
     */
    List<Diagnosis> locate(List<Symptom> seen, Instant at) {
        past.removeIf(before ->
                at.isAfter(before.lastSeen().plus(LASTS)) || seen.stream().anyMatch(before.cause()::isSameAs));
        List<Symptom> symptoms = new ArrayList<>(seen);
        for (Past before : past) {
            if (seen.stream().anyMatch(before::explains)) {
                Symptom cause = before.cause();
                symptoms.add(new Symptom(
                        cause.condition(),
                        cause.subject(),
                        "it is over since " + before.lastSeen() + ", and what follows from it is not yet",
                        cause.since()));
            }
        }
        List<Diagnosis> diagnoses = rootsOf(symptoms);
        diagnoses.stream()
                .map(Diagnosis::root)
                .filter(root -> seen.stream().anyMatch(root::isSameAs))
                .forEach(root -> past.add(new Past(root, at)));
        return diagnoses;
    }

    private static List<Diagnosis> rootsOf(List<Symptom> symptoms) {
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
                && !effect.since().isBefore(cause.since().minus(APART));
    }

    /** All that it brings about, directly or not. */
    static Set<Condition> reachable(Condition from) {
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
