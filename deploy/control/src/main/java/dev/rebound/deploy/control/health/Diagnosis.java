package dev.rebound.deploy.control.health;

import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A root, and what follows from it.
 *
 * @param explains symptoms that go away by themselves when the root does
 */
public record Diagnosis(Symptom root, List<Symptom> explains) {

    /** Whether it is the root or follows from it. */
    public boolean tellsOf(Condition condition) {
        return root.condition() == condition || explains.stream().anyMatch(symptom -> symptom.condition() == condition);
    }

    /** One line for a person: where, what, what it means, what to run. */
    public String text() {
        Condition condition = root.condition();
        String consequences = explains.isEmpty()
                ? ""
                : ". From it follow: "
                        + explains.stream()
                                .map(symptom -> symptom.condition().name() + " (" + symptom.subject() + ")")
                                .distinct()
                                .collect(Collectors.joining(", "));
        return condition.severity() + " " + condition.component().label() + " " + condition + " of " + root.subject()
                + ": " + root.detail() + ". It means: " + condition.impact() + consequences + ". Run: "
                + condition.command();
    }

    Alert alert() {
        return alert(root.condition().severity(), text());
    }

    /** Says that the root is gone. */
    Alert allClear() {
        return alert(AlertSeverity.INFO, root.condition() + " of " + root.subject() + " is over");
    }

    private Alert alert(AlertSeverity severity, String message) {
        return Alert.newBuilder()
                .setComponent(root.condition().component().label())
                .setSubject(root.subject())
                .setSeverity(severity)
                .setReason(root.condition().name())
                .setMessage(message)
                .setCommand(
                        severity == AlertSeverity.INFO ? null : root.condition().command())
                .setRaisedAt(System.currentTimeMillis())
                .build();
    }
}
