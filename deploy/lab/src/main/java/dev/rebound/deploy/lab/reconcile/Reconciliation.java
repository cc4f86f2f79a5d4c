package dev.rebound.deploy.lab.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares what must come out with what came out. Pure: knows no Kafka and no clock. */
final class Reconciliation {
    private final Expectation expected;
    private final ObservedOutput actual;

    private Reconciliation(Expectation expected, ObservedOutput actual) {
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
     * @param fallbacks lists that no model scored
     * @param trainingExamples labelled so far: those of the lists whose window for feedback has passed
     * @param findings what is wrong, each with an example; empty if all is right
     * @param unchecked what nobody can check any more
     */
    record Report(
            long eventsSent,
            long uniqueEvents,
            long eventsApplied,
            long lost,
            long duplicated,
            long deadLetters,
            long recommendations,
            long fallbacks,
            long requests,
            long responses,
            String modelVersion,
            Map<String, Long> modelVersions,
            long trainingExamples,
            List<String> findings,
            List<String> unchecked) {

        Report {
            findings = List.copyOf(findings);
            unchecked = List.copyOf(unchecked);
        }

        boolean isRight() {
            return findings.isEmpty();
        }

        /** Grows as long as the job still catches up. */
        long progress() {
            return eventsApplied + deadLetters + recommendations + responses + trainingExamples;
        }
    }

    static Report compare(Expectation expected, ObservedOutput actual) {
        return new Reconciliation(expected, actual).report();
    }

    private Report report() {
        Standstills standstills = new Standstills(actual.listSeconds(), expected.requestSeconds());
        ProfileCheck profiles = new ProfileCheck(expected, actual, standstills);
        ListContent content = new ListContent(expected, actual, standstills);
        ListCheck lists = new ListCheck(expected, actual, content);
        ResponseCheck responses = new ResponseCheck(expected, actual, content);
        FallbackCheck fallbacks = new FallbackCheck(actual);
        List<String> details = new ArrayList<>();
        profiles.run(details);
        lists.run(details);
        responses.run(details);
        content.into(details);
        new DeadLetterCheck(expected, actual).run(details);
        checkErasures(details);
        new ExampleCheck(expected, actual).run(details);
        actual.epochs().into(expected.terms(), details);

        List<String> findings = new ArrayList<>();
        profiles.lostInto(findings);
        lists.lostInto(findings);
        fallbacks.run(findings);
        findings.addAll(details);
        return new Report(
                expected.eventsSent(),
                expected.uniqueEvents(),
                profiles.applied() + expected.erasedEvents(),
                profiles.lost() + lists.missing(),
                profiles.surplus() + lists.repeated(),
                actual.deadLetters().values().stream().mapToLong(List::size).sum(),
                actual.recommendations(),
                fallbacks.fallbacks(),
                expected.usersByRequest().size(),
                responses.answered(),
                actual.byModelVersion().entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(""),
                new TreeMap<>(actual.byModelVersion()),
                actual.trainingExamples(),
                findings,
                unchecked());
    }

    private void checkErasures(List<String> findings) {
        long without = expected.erasedUsers().stream()
                .filter(name ->
                        actual.find(name).filter(user -> user.tombstones > 0).isEmpty())
                .count();
        if (without > 0 && actual.goneRecommendations().isEmpty()) {
            findings.add(without + " erased users have no tombstone in recommendations");
        }
    }

    private List<String> unchecked() {
        List<String> unchecked = new ArrayList<>();
        expected.goneEvents().into(unchecked);
        expected.goneRequests().into(unchecked);
        expected.catalog().into(unchecked);
        List.of(actual.goneRecommendations(), actual.goneResponses(), actual.goneExamples(), actual.goneDeadLetters())
                .forEach(gone -> gone.into(unchecked));
        return unchecked;
    }
}
