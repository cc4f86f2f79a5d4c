package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.control.health.Component;
import dev.rebound.deploy.control.health.Condition;
import dev.rebound.deploy.control.health.Diagnosis;
import dev.rebound.deploy.control.health.Diagnostician;
import dev.rebound.deploy.control.health.HealthCheck;
import dev.rebound.deploy.site.CommandFailedException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the doctor again and again while one fault lasts, and notes which causes it names. What it says of the machine is
 * left out: that the campaign fills it is true, and no cause of the fault.
 */
final class DoctorWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Diagnostician doctor;
    private final Set<Condition> expected;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "doctor-watch");
        thread.setDaemon(true);
        return thread;
    });
    /** In full, when it was named first. */
    private final Map<Condition, String> named = new EnumMap<>(Condition.class);

    private List<String> said = List.of();
    private long rightAtMillis;
    private boolean healed;

    /** Looks once before anything happens, so that what was wrong before is known as such. */
    DoctorWatch(HealthCheck health, Set<Condition> expected) {
        this.doctor = health.underLoad();
        this.expected = expected;
        look();
        var unused = clock.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            List<Diagnosis> diagnoses = doctor.look().stream()
                    .filter(diagnosis -> diagnosis.root().condition().component() != Component.HOST)
                    .toList();
            note(diagnoses);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(List<Diagnosis> diagnoses) {
        Set<Condition> now = diagnoses.stream()
                .map(diagnosis -> diagnosis.root().condition())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Condition.class)));
        diagnoses.forEach(diagnosis -> named.putIfAbsent(diagnosis.root().condition(), diagnosis.text()));
        if (!healed && rightAtMillis == 0 && !expected.isEmpty() && now.equals(expected)) {
            rightAtMillis = System.currentTimeMillis();
            said = diagnoses.stream().map(Diagnosis::text).toList();
        }
    }

    /** Waits until the doctor names what it must, or for as long as somebody would wait for him. */
    void awaitDiagnosis() {
        if (!expected.isEmpty()) {
            long untilMillis = System.currentTimeMillis() + PATIENCE.toMillis();
            Target.await("the doctor has looked", () -> isRight() || System.currentTimeMillis() > untilMillis);
        }
        synchronized (this) {
            healed = true;
        }
    }

    private synchronized boolean isRight() {
        return rightAtMillis > 0;
    }

    /** @param struckMillis when the fault struck */
    synchronized Diagnosed diagnosed(long struckMillis) {
        Set<Condition> others = EnumSet.noneOf(Condition.class);
        others.addAll(named.keySet());
        others.removeAll(expected);
        boolean right = expected.isEmpty() ? others.isEmpty() : rightAtMillis > 0;
        List<String> words = rightAtMillis == 0 ? List.copyOf(named.values()) : said;
        return new Diagnosed(right, seconds(struckMillis), List.copyOf(expected), List.copyOf(others), words);
    }

    private synchronized @Nullable Double seconds(long struckMillis) {
        return rightAtMillis == 0 ? null : Math.max(0, rightAtMillis - struckMillis) / 1000.0;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            if (!clock.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new CommandFailedException(
                        "A look of the doctor lasts longer than " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        doctor.close();
    }
}
