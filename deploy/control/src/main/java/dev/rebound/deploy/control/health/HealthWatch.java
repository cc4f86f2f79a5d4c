package dev.rebound.deploy.control.health;

import dev.rebound.deploy.site.Progress;
import dev.rebound.schemas.Alert;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One round after another: observe everything, decide what is wrong and where it begins, raise an alert for each root
 * that is new and each that is over, and record it for monitoring.
 *
 * <p>An alert that Kafka does not take, because it is Kafka that is ill, is sent when it does.
 */
final class HealthWatch {
    private static final int MAX_WAITING = 1_000;

    private final Diagnostician diagnostician;
    private final Consumer<Alert> alerts;
    private final Consumer<Diagnostician.Round> record;
    private final Progress progress;
    private final Deque<Alert> waiting = new ArrayDeque<>();
    private Map<String, Diagnosis> known = Map.of();
    private List<String> notChecked = List.of();

    /** @param alerts throws a RuntimeException if it cannot deliver */
    HealthWatch(
            Diagnostician diagnostician,
            Consumer<Alert> alerts,
            Consumer<Diagnostician.Round> record,
            Progress progress) {
        this.diagnostician = diagnostician;
        this.alerts = alerts;
        this.record = record;
        this.progress = progress;
    }

    void round() throws InterruptedException {
        Diagnostician.Round round = diagnostician.round();
        // Before the alerts: what Kafka does not take at once must not keep the figures back.
        record.accept(round);
        tellNotChecked(round.seen().notChecked());
        tellChanges(round.diagnoses());
        deliver();
    }

    private void tellNotChecked(List<String> now) {
        now.stream()
                .filter(what -> !notChecked.contains(what))
                .forEach(what -> progress.progress("not checked: " + what));
        notChecked = now;
    }

    private void tellChanges(List<Diagnosis> diagnoses) {
        Map<String, Diagnosis> now = new LinkedHashMap<>();
        diagnoses.forEach(diagnosis -> now.put(key(diagnosis.root()), diagnosis));
        Set<String> explained = diagnoses.stream()
                .flatMap(diagnosis -> diagnosis.explains().stream())
                .map(HealthWatch::key)
                .collect(Collectors.toSet());
        now.forEach((key, diagnosis) -> {
            if (!known.containsKey(key)) {
                raise(diagnosis.alert());
            }
        });
        known.forEach((key, diagnosis) -> {
            // What turned out to be an effect is not over, and its cause has just been told.
            if (!now.containsKey(key) && !explained.contains(key)) {
                raise(diagnosis.allClear());
            }
        });
        known = now;
    }

    private void raise(Alert alert) {
        progress.progress(alert.getMessage());
        if (waiting.size() == MAX_WAITING) {
            waiting.removeFirst();
        }
        waiting.addLast(alert);
    }

    private void deliver() {
        try {
            while (!waiting.isEmpty()) {
                alerts.accept(waiting.peekFirst());
                waiting.removeFirst();
            }
        } catch (RuntimeException e) {
            progress.progress(waiting.size() + " alerts wait until they can be delivered: " + e.getMessage());
        }
    }

    private static String key(Symptom symptom) {
        return symptom.condition() + "/" + symptom.subject();
    }
}
