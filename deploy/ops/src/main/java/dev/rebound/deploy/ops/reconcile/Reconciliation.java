package dev.rebound.deploy.ops.reconcile;

import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.EventType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what must come out with what came out. Pure: knows no Kafka and no clock. */
public final class Reconciliation {
    private final Expectation expected;
    private final Outcome actual;
    private final List<String> findings = new ArrayList<>();
    private long lost;
    private long missing;
    private long surplus;
    private long applied;

    private Reconciliation(Expectation expected, Outcome actual) {
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * What the comparison found.
     *
     * @param eventsApplied events that the profiles count, and those that an erasure took out of them
     * @param lost events that are missing in the profiles, and recommendations that were never written
     * @param duplicated events that the profiles count too often, and recommendations that came again
     * @param responses requests that were answered
     * @param trainingExamples labelled so far: those of the lists whose window for feedback has passed
     * @param findings what is wrong, each with an example; empty if all is right
     */
    public record Report(
            long eventsSent,
            long uniqueEvents,
            long eventsApplied,
            long lost,
            long duplicated,
            long deadLetters,
            long recommendations,
            long requests,
            long responses,
            String modelVersion,
            long trainingExamples,
            List<String> findings) {

        public Report {
            findings = List.copyOf(findings);
        }

        public boolean isRight() {
            return findings.isEmpty();
        }

        /** Grows as long as the job still catches up. */
        long progress() {
            return eventsApplied + deadLetters + recommendations + responses;
        }
    }

    public static Report compare(Expectation expected, Outcome actual) {
        return new Reconciliation(expected, actual).report();
    }

    private Report report() {
        compareCounts();
        compareRecommendations();
        compareResponses();
        compareDeadLetters();
        checkItems();
        checkErasures();
        findings.addAll(actual.examples().findings(expected));
        if (lost > 0) {
            findings.add(lost + " events were lost");
        }
        if (surplus > 0) {
            findings.add(surplus + " events were counted more than once");
        }
        List<String> again = actual.repeatedIds(expected::times);
        long repeated = again.size();
        if (repeated > 0) {
            findings.add(repeated + " recommendations came again, such as " + again.get(0));
        }
        return new Report(
                expected.eventsSent(),
                expected.uniqueEvents(),
                applied + expected.erasedEvents(),
                lost + missing,
                surplus + repeated,
                actual.deadLetters().values().stream().mapToLong(List::size).sum(),
                actual.recommendations(),
                expected.requestIds().size(),
                expected.requestIds().stream()
                        .filter(actual.answered()::contains)
                        .count(),
                actual.byModelVersion().entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(""),
                actual.examples().count(),
                findings);
    }

    private void compareCounts() {
        Set<String> users = new HashSet<>(expected.countsByUser().keySet());
        users.addAll(actual.countsByUser().keySet());
        String example = "";
        for (String user : users) {
            Map<EventType, Long> must = expected.countsByUser().getOrDefault(user, Map.of());
            Map<EventType, Long> is = actual.countsByUser().getOrDefault(user, Map.of());
            for (EventType type : EventType.values()) {
                long difference = is.getOrDefault(type, 0L) - must.getOrDefault(type, 0L);
                lost += Math.max(0, -difference);
                surplus += Math.max(0, difference);
                if (difference != 0 && example.isEmpty()) {
                    example = Masked.user(user) + " has " + is + ", must have " + must;
                }
            }
            applied += Expectation.sum(is);
        }
        if (!example.isEmpty()) {
            findings.add("the profile of " + example);
        }
    }

    private void compareRecommendations() {
        List<Cause> without = difference(expected.causes(), actual.causes());
        missing = without.size();
        if (missing > 0) {
            findings.add(missing + " recommendations are missing, such as that for " + without.get(0));
        }
        List<Cause> withoutCause = difference(actual.causes(), expected.causes());
        if (!withoutCause.isEmpty()) {
            findings.add(
                    withoutCause.size() + " recommendations have no cause, such as that for " + withoutCause.get(0));
        }
    }

    private static List<Cause> difference(Set<Cause> all, Set<Cause> known) {
        return all.stream().filter(cause -> !known.contains(cause)).toList();
    }

    private void checkErasures() {
        long without = expected.erasedUsers().stream()
                .filter(user -> !actual.erasedInRecommendations().contains(user))
                .count();
        if (without > 0) {
            findings.add(without + " erased users have no tombstone in recommendations");
        }
    }

    private void compareResponses() {
        List<String> unanswered = expected.requestIds().stream()
                .filter(id -> !actual.answered().contains(id))
                .sorted()
                .toList();
        if (!unanswered.isEmpty()) {
            findings.add(unanswered.size() + " requests were not answered, such as " + unanswered.get(0));
        }
    }

    private void compareDeadLetters() {
        List<String> wrong = new ArrayList<>();
        expected.deadLetters().forEach((position, reason) -> {
            List<DeadLetter> letters = actual.deadLetters().getOrDefault(position, List.of());
            if (letters.size() != 1) {
                wrong.add(position + " (" + reason + ") has " + letters.size() + " dead letters, must have one");
            } else if (letters.get(0).getReason() != reason) {
                DeadLetterReason given = letters.get(0).getReason();
                wrong.add("the dead letter of " + position + " says " + given + ", must say " + reason);
            }
        });
        actual.deadLetters().keySet().stream()
                .filter(position -> !expected.deadLetters().containsKey(position))
                .forEach(position -> wrong.add(position + " has a dead letter though it is valid"));
        if (!wrong.isEmpty()) {
            findings.add(wrong.size() + " dead letters are wrong, such as: " + wrong.get(0));
        }
    }

    private void checkItems() {
        long wrong = 0;
        String example = "";
        for (Outcome.Shown shown : actual.shown()) {
            for (String itemId : shown.itemIds()) {
                if (!expected.catalog().mayBeShown(itemId, shown.producedAtMillis())) {
                    wrong++;
                    example = itemId + " in " + shown.recommendationId();
                }
            }
        }
        if (wrong > 0) {
            findings.add(wrong + " recommended items were unknown or not available, such as " + example);
        }
    }
}
