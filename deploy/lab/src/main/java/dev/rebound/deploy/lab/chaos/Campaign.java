package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.control.health.HealthCheck;
import dev.rebound.deploy.lab.reconcile.ReconciliationResult;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One fault after the other on a job under load. After each the load pauses, and all that ever went in is compared with all
 * that ever came out.
 */
public final class Campaign implements AutoCloseable {
    /** So that a fault falls anywhere between two checkpoints. */
    private static final int MOST_LEAD_MILLIS = 5_000;

    /** Versions of lists that no model scores: what fallbacks begin with, and that of lists of campaigns. */
    private static final String FALLBACK = "fallback:";

    private static final String CAMPAIGNS = "campaign-value";

    private static final Duration PATIENCE_WITH_WRONG = Duration.ofSeconds(20);

    private final Target target;
    private final List<Fault> faults;
    private final SplittableRandom random;
    private final Progress output;
    private final OutputWatch answers;
    private final OutputWatch committed;
    private final JobWatch job;
    private final @Nullable HealthCheck health;
    private final Set<String> knownFindings = new HashSet<>();
    private long lostBefore;
    private long duplicatedBefore;
    private long events;

    /** @param health by which the doctor looks while a fault lasts, which then lasts until it is named; null to leave it out */
    public Campaign(Target target, List<Fault> faults, long seed, @Nullable HealthCheck health, Progress output) {
        this.health = health;
        this.target = target;
        this.faults = faults;
        this.random = new SplittableRandom(seed);
        this.output = output;
        this.answers = OutputWatch.ofAnswers(target.stack().kafka(), target.topicPrefix());
        this.committed =
                OutputWatch.ofCommitted(target.stack().kafka(), target.topicPrefix(), target.checkpointInterval());
        this.job = new JobWatch(target.rest(), target::jobId);
    }

    /**
     * Runs so many faults: each once in a random order, then again, without those that take long. Ends earlier where a signal
     * ends it, or the job does not recover from one, and leaves the damage of that one.
     *
     * @param signal that ends it, empty while none does
     */
    public CampaignReport run(int count, long seed, Supplier<Optional<String>> signal) {
        long begin = System.nanoTime();
        List<FaultReport> reports = new ArrayList<>();
        List<Fault> left = new ArrayList<>(faults);
        List<Fault> again = faults.stream().filter(fault -> !fault.takesLong()).toList();
        @Nullable String brokenOff = null;
        for (int number = 1; number <= count && brokenOff == null; number++) {
            if (left.isEmpty()) {
                left.addAll(again.isEmpty() ? faults : again);
            }
            Fault fault = left.remove(random.nextInt(left.size()));
            try {
                reports.add(round(number, fault));
                tell(count, reports.get(number - 1));
            } catch (RuntimeException e) {
                // What it was interrupted at is not the fault's doing.
                if (signal.get().isEmpty()) {
                    reports.add(FaultReport.broken(number, fault.name(), String.valueOf(e.getMessage())));
                }
                brokenOff = "at fault " + number + " of " + count + ", " + fault.name() + ": "
                        + signal.get().orElseGet(() -> String.valueOf(e.getMessage()));
            }
        }
        return new CampaignReport(
                seed, reports, lostBefore, duplicatedBefore, events, (System.nanoTime() - begin) / 1e9, brokenOff);
    }

    private void tell(int count, FaultReport report) {
        output.progress(String.format(
                "%d of %d %s: detected %s s, answered again %s s, committed again %s s, lost %d, duplicated %d",
                report.number(),
                count,
                report.fault(),
                text(report.detectSeconds()),
                text(report.answeredSeconds()),
                text(report.committedSeconds()),
                report.lost(),
                report.duplicated()));
        report.findings().forEach(finding -> output.progress("WRONG: " + finding));
        if (report.diagnosed() != null) {
            output.progress("the doctor: " + report.diagnosed().text());
        }
    }

    private static String text(@Nullable Double seconds) {
        return seconds == null ? "-" : String.format("%.1f", seconds);
    }

    private FaultReport round(int number, Fault fault) {
        target.load().start();
        awaitFlow();
        pause(random.nextInt(MOST_LEAD_MILLIS));
        answers.reset();
        committed.reset();
        double age = Target.get("the newest checkpoint", () -> {
            job.reset();
            return checkpointAgeSeconds();
        });
        if (health == null) {
            return report(number, fault, age, strike(fault, () -> {}));
        }
        try (DoctorWatch doctor = new DoctorWatch(health, ExpectedCause.of(fault.name()))) {
            long injectedMillis = strike(fault, doctor::awaitDiagnosis);
            Diagnosed diagnosed = doctor.diagnosed(injectedMillis);
            return report(number, fault, age, injectedMillis).with(diagnosed);
        }
    }

    /** @param beforeHealing what else the fault has to last for */
    private long strike(Fault fault, Runnable beforeHealing) {
        long injectedMillis = fault.inject(target, random);
        pause(fault.holdMillis(random));
        beforeHealing.run();
        target.undoDamage();
        fault.heal(target);
        awaitRecovery(fault);
        target.load().stop();
        return injectedMillis;
    }

    private FaultReport report(int number, Fault fault, double age, long injectedMillis) {
        OptionalLong noticed = Stream.of(fault.toldMillis(), job.wrongSinceMillis(), answers.silenceNoticedMillis())
                .flatMapToLong(OptionalLong::stream)
                // Some faults pause the load themselves before they strike.
                .filter(millis -> millis >= injectedMillis)
                .min();
        // What was wrong before stays so: no use in waiting long for it again.
        Duration patience = lostBefore + duplicatedBefore == 0 ? target.patience() : PATIENCE_WITH_WRONG;
        TopicReconciler.Verdict verdict =
                Target.get("the comparison", () -> target.oracle().reconcile(patience));
        long lost = verdict.result().lost() - lostBefore;
        long duplicated = verdict.result().duplicated() - duplicatedBefore;
        lostBefore += lost;
        duplicatedBefore += duplicated;
        events = verdict.result().eventsSent();
        List<String> findings = new ArrayList<>(fault.findings());
        checkVersions(verdict.result(), findings);
        // What one fault did stays wrong after all that follow, which are not to blame.
        verdict.findings().stream().filter(knownFindings::add).forEach(findings::add);
        return new FaultReport(
                number,
                fault.name(),
                age,
                secondsSince(injectedMillis, noticed),
                secondsToRecover(injectedMillis, answers),
                secondsToRecover(injectedMillis, committed),
                lost,
                duplicated,
                findings);
    }

    /** Whatever goes wrong, no model may score but the one that was made live. */
    private void checkVersions(ReconciliationResult result, List<String> findings) {
        result.modelVersions().forEach((version, count) -> {
            boolean isModel = !version.startsWith(FALLBACK) && !version.equals(CAMPAIGNS);
            if (isModel && !version.equals(target.version())) {
                findings.add(count + " recommendations are by " + version + ", which must not score");
            }
        });
    }

    private static double secondsToRecover(long injectedMillis, OutputWatch watch) {
        Double seconds = secondsSince(injectedMillis, watch.silenceEndedMillis());
        return seconds == null ? 0 : seconds;
    }

    private static @Nullable Double secondsSince(long beginMillis, OptionalLong millis) {
        return millis.isEmpty() ? null : Math.max(0, millis.getAsLong() - beginMillis) / 1000.0;
    }

    /** Until answers come again after the pause, and there is a checkpoint to go back to. */
    private void awaitFlow() {
        long now = System.currentTimeMillis();
        Target.await("answers come", () -> answers.lastMillis() > now);
        Target.await("a first checkpoint", () -> newestCheckpoint().isPresent());
    }

    private Optional<FlinkRest.Checkpoint> newestCheckpoint() {
        return target.rest().checkpoints(target.jobId()).latestCompleted();
    }

    /** Until all tasks run, outputs of both kinds came and a checkpoint was made, all of them after the fault was healed. */
    private void awaitRecovery(Fault fault) {
        long healedMillis = System.currentTimeMillis();
        Target.await("the job has recovered from " + fault.name(), () -> hasRecoveredSince(healedMillis));
    }

    private boolean hasRecoveredSince(long healedMillis) {
        try {
            return target.rest().job(target.jobId()).allRunning()
                    && answers.lastMillis() > healedMillis
                    && committed.lastMillis() > healedMillis
                    && newestCheckpoint()
                            .filter(checkpoint -> checkpoint.triggeredAtMillis() > healedMillis)
                            .isPresent();
        } catch (FlinkRestException e) {
            // As the watchdog would, which is held still.
            target.stack().endRivalry(ProgressListener.SILENT);
            target.stack().restartDead(ProgressListener.SILENT);
            throw e;
        }
    }

    private double checkpointAgeSeconds() {
        FlinkRest.Checkpoint newest = newestCheckpoint().orElseThrow();
        return (System.currentTimeMillis() - newest.triggeredAtMillis()) / 1000.0;
    }

    static void pause(long millis) {
        long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (System.nanoTime() < until) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CommandFailedException("Interrupted in a pause");
            }
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    @Override
    public void close() {
        answers.close();
        committed.close();
        job.close();
    }
}
