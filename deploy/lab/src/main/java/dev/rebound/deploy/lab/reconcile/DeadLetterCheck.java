package dev.rebound.deploy.lab.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether each record that can't be used has a dead letter with its reason, and no other record has one. A letter of a site
 * that was taken over names a place in that site's log, so that it is known by the bytes that it holds.
 */
final class DeadLetterCheck {
    private final Expectation expected;
    private final ObservedOutput actual;
    private final Map<Position, List<WrittenLetter>> own = new HashMap<>();
    private final Map<Source, List<WrittenLetter>> ofAnotherSite = new HashMap<>();
    private final Tally wrong = new Tally("dead letters are wrong");

    DeadLetterCheck(Expectation expected, ObservedOutput actual) {
        this.expected = expected;
        this.actual = actual;
        actual.deadLetters().forEach((position, letters) -> letters.forEach(letter -> sort(position, letter)));
    }

    private record Source(String topic, int partition, int content) {}

    private void sort(Position position, WrittenLetter letter) {
        if (letter.isOfAnotherSite(expected.terms().siteEpoch())) {
            ofAnotherSite
                    .computeIfAbsent(
                            new Source(position.topic(), position.partition(), letter.content()),
                            source -> new ArrayList<>())
                    .add(letter);
        } else {
            own.computeIfAbsent(position, p -> new ArrayList<>(1)).add(letter);
        }
    }

    void run(List<String> findings) {
        expected.deadLetters().forEach(this::check);
        own.keySet().stream()
                // Nothing can be said of those whose record is gone, or of a topic that is not compared.
                .filter(position -> expected.read().contains(position))
                .filter(position -> !expected.deadLetters().containsKey(position))
                .forEach(position -> wrong.add(() -> position + " has a dead letter though it is valid"));
        // Of what was never compared, such as records that did not arrive, nothing can be said.
        expected.deadLetters()
                .forEach((position, refusal) -> ofAnotherSite
                        .getOrDefault(source(position, refusal), List.of())
                        .forEach(letter -> wrong.add(() -> position + " has a dead letter of epoch " + letter.epoch()
                                + " beside the one of the job: it was written again")));
        wrong.into(findings);
    }

    private static Source source(Position position, Expectation.Refusal refusal) {
        return new Source(position.topic(), position.partition(), refusal.content());
    }

    private void check(Position position, Expectation.Refusal refusal) {
        List<WrittenLetter> letters = new ArrayList<>(own.getOrDefault(position, List.of()));
        if (letters.isEmpty()) {
            List<WrittenLetter> elsewhere = ofAnotherSite.getOrDefault(source(position, refusal), List.of());
            if (!elsewhere.isEmpty()) {
                letters.add(elsewhere.remove(0));
            }
        }
        if (letters.isEmpty() && !actual.goneDeadLetters().isEmpty()) {
            return;
        }
        if (letters.size() != 1) {
            wrong.add(() ->
                    position + " (" + refusal.reason() + ") has " + letters.size() + " dead letters, must have one");
        } else if (letters.get(0).reason() != refusal.reason()) {
            wrong.add(() -> "the dead letter of " + position + " says "
                    + letters.get(0).reason() + ", must say " + refusal.reason());
        }
    }
}
