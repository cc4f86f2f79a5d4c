package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.DeadLetterReason;
import java.util.List;

/** Whether each record that can't be used has a dead letter with its reason, and no other record has one. */
final class DeadLetterCheck {
    private final Expectation expected;
    private final ObservedOutput actual;
    private final Tally wrong = new Tally("dead letters are wrong");

    DeadLetterCheck(Expectation expected, ObservedOutput actual) {
        this.expected = expected;
        this.actual = actual;
    }

    void run(List<String> findings) {
        expected.deadLetters().forEach(this::check);
        actual.deadLetters().keySet().stream()
                // Nothing can be said of those whose record is gone, or of a topic that is not compared.
                .filter(position -> expected.read().contains(position))
                .filter(position -> !expected.deadLetters().containsKey(position))
                .forEach(position -> wrong.add(() -> position + " has a dead letter though it is valid"));
        wrong.into(findings);
    }

    private void check(Position position, DeadLetterReason reason) {
        List<DeadLetterReason> letters = actual.deadLetters().getOrDefault(position, List.of());
        if (letters.isEmpty() && !actual.goneDeadLetters().isEmpty()) {
            return;
        }
        if (letters.size() != 1) {
            wrong.add(() -> position + " (" + reason + ") has " + letters.size() + " dead letters, must have one");
        } else if (letters.get(0) != reason) {
            wrong.add(() -> "the dead letter of " + position + " says " + letters.get(0) + ", must say " + reason);
        }
    }
}
