package dev.rebound.operators.release.guard;

import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.operators.release.VersionHealth;
import dev.rebound.operators.release.guard.WatchedRelease.Done;
import dev.rebound.schemas.AlertSeverity;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseAction;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.util.Preconditions;
import org.jspecify.annotations.Nullable;

/**
 * Watches the versions that score and decides about canaries: one that fails, is slow or sells less is rolled back, one
 * that sells more is offered for promotion or promoted. It knows no Flink; time is handed in, in milliseconds of processing
 * time.
 */
public final class ReleaseGuard {
    private static final long MINUTE_MILLIS = 60_000;

    /** One or two failures can be a user's odd history. */
    private static final int LEAST_FAILURES = 3;

    /** Of fewer forward passes the p99 is chance. */
    private static final int LEAST_TIMED = 500;

    /** Quicker ones harm nobody, whatever LIVE takes. */
    private static final double SLOW_MICROS = 5_000;

    private static final String REPORT = "rebound model report";

    /** Where records go. */
    public interface Publisher {
        void publish(Topic topic, String key, SpecificRecord record, long nowMillis);
    }

    private final GuardSettings settings;
    private final CanaryTest test;
    private final GuardRecords records;
    private final GuardState state;
    private final Publisher publisher;
    private @Nullable WatchedRelease live;
    private List<WatchedRelease> scoring = List.of();

    /** @param state is changed in place; goes on where it was left */
    public ReleaseGuard(GuardSettings settings, GuardState state, Publisher publisher) {
        this.settings = settings;
        this.test = new CanaryTest(settings.alpha(), settings.minImpressions());
        this.records = new GuardRecords(test, settings);
        this.state = state;
        this.publisher = publisher;
        findScoring();
    }

    /** Hears of a release; one that is not newer than what is known of its version changes nothing. */
    public void hear(ModelRelease release, long nowMillis) {
        WatchedRelease known = state.releases.get(ReleasePlan.key(release));
        if (known != null && release.getIssuedAt() <= known.release.getIssuedAt()) {
            return;
        }
        WatchedRelease liveBefore = live;
        WatchedRelease next = new WatchedRelease(release);
        if (known != null) {
            next.evidence = known.evidence;
        }
        state.releases.put(next.key(), next);
        ReleasePlan plan = findScoring();
        for (WatchedRelease each : state.releases.values()) {
            if (each.evidence != null && !scoring.contains(each)) {
                endWatching(each, liveBefore, nowMillis);
            }
        }
        beginWatching(nowMillis);
        state.releases
                .keySet()
                .retainAll(plan.releases().stream().map(ReleasePlan::key).toList());
    }

    private ReleasePlan findScoring() {
        ReleasePlan plan = ReleasePlan.of(
                state.releases.values().stream().map(each -> each.release).toList());
        Optional<ModelRelease> answering = plan.answering();
        live = answering.map(this::known).orElse(null);
        scoring = Stream.of(answering, plan.canary(), plan.shadow())
                .flatMap(Optional::stream)
                .map(this::known)
                .toList();
        return plan;
    }

    private WatchedRelease known(ModelRelease release) {
        return Preconditions.checkNotNull(state.releases.get(ReleasePlan.key(release)));
    }

    private void endWatching(WatchedRelease ended, @Nullable WatchedRelease liveBefore, long nowMillis) {
        Evidence evidence = Preconditions.checkNotNull(ended.evidence);
        if (evidence.lists > 0 || evidence.health.batches() > 0) {
            publisher.publish(
                    Topic.MODEL_REPORTS,
                    ended.key(),
                    records.report(ended, ReleaseStage.RETIRED, liveBefore, nowMillis),
                    nowMillis);
        }
        ended.evidence = null;
    }

    /** A new split of the traffic begins all comparisons anew: before it, each arm had other days, or other users. */
    private void beginWatching(long nowMillis) {
        StringJoiner split = new StringJoiner(" ");
        for (WatchedRelease each : scoring) {
            if (each.evidence == null) {
                each.evidence = new Evidence();
                each.evidence.restart(nowMillis, 0);
            }
            if (each.is(ReleaseStage.SHADOW) && each.evidence.comparison > 0) {
                each.evidence.restart(nowMillis, 0);
            } else if (!each.is(ReleaseStage.SHADOW)) {
                split.add(each.key() + "@" + each.release.getIssuedAt());
            }
        }
        if (split.toString().equals(state.split)) {
            return;
        }
        state.split = split.toString();
        for (WatchedRelease each : scoring) {
            Evidence evidence = Preconditions.checkNotNull(each.evidence);
            if (each.is(ReleaseStage.CANARY)) {
                evidence.restart(nowMillis, evidence.comparison + 1);
            } else if (each.is(ReleaseStage.LIVE)) {
                evidence.restart(nowMillis, 0);
            }
        }
    }

    /** Counts what became of a list. */
    public void hear(VersionOutcome outcome) {
        for (WatchedRelease each : scoring) {
            if (each.release.getVersion().equals(outcome.modelVersion)) {
                Preconditions.checkNotNull(each.evidence).add(outcome);
            }
        }
    }

    /** Counts what a scoring task saw; a version that fails is dealt with at once. */
    public void hear(VersionHealth health, long nowMillis) {
        WatchedRelease version = state.releases.get(health.model + "/" + health.version);
        if (version == null || version.evidence == null) {
            return;
        }
        version.evidence.add(health);
        HealthSums recent = version.evidence.recent();
        if (version.is(ReleaseStage.CANARY)
                && recent.failedBatches() >= LEAST_FAILURES
                && recent.failureRate() > settings.maxFailureRate()) {
            String message = String.format(
                    Locale.ROOT,
                    "it failed on %,d of %,d batches within two minutes, allowed are %s",
                    recent.failedBatches(),
                    recent.batches(),
                    settings.maxFailureRate());
            rollBack(version, Cause.FAILURES, message, nowMillis);
        }
    }

    /** Decides what time has made clear, and publishes the reports. */
    public void look(long nowMillis) {
        if (nowMillis - state.minuteBeganMillis >= MINUTE_MILLIS) {
            state.minuteBeganMillis = nowMillis;
            scoring.forEach(each -> Preconditions.checkNotNull(each.evidence).turnMinute());
        }
        for (WatchedRelease each : scoring) {
            if (live != null && live != each) {
                compare(each, live, nowMillis);
            }
            publisher.publish(
                    Topic.MODEL_REPORTS,
                    each.key(),
                    records.report(each, each.release.getStage(), live, nowMillis),
                    nowMillis);
        }
    }

    private void compare(WatchedRelease version, WatchedRelease other, long nowMillis) {
        Evidence seen = Preconditions.checkNotNull(version.evidence);
        Evidence otherSeen = Preconditions.checkNotNull(other.evidence);
        double drift = seen.health.scoreDrift(otherSeen.health);
        if (drift > settings.maxScoreDrift() && !version.has(Done.DRIFT_ALERT)) {
            version.set(Done.DRIFT_ALERT);
            alert(
                    version,
                    AlertSeverity.WARNING,
                    "SCORE_DRIFT",
                    String.format(
                            Locale.ROOT,
                            "The scores of %s are spread otherwise than those of LIVE %s: population stability index %.2f,"
                                    + " allowed is %s. Look whether its features are the ones that it was trained on",
                            version.key(),
                            other.release.getVersion(),
                            drift,
                            settings.maxScoreDrift()),
                    REPORT,
                    nowMillis);
        }
        if (!version.is(ReleaseStage.CANARY) || version.has(Done.ROLLED_BACK)) {
            return;
        }
        HealthSums recent = seen.recent();
        HealthSums otherRecent = otherSeen.recent();
        if (isSlow(recent, otherRecent)) {
            String message = String.format(
                    Locale.ROOT,
                    "a forward pass takes %.1f ms at the 99th percentile, LIVE %s %.1f ms, allowed is %s times as much",
                    recent.latencyMicros(0.99) / 1000,
                    other.release.getVersion(),
                    otherRecent.latencyMicros(0.99) / 1000,
                    settings.maxLatencyFactor());
            rollBack(version, Cause.SLOW, message, nowMillis);
            return;
        }
        Optional<CanaryTest.Finding> found = test.finding(otherSeen.outcomes, seen.outcomes, seen.comparison);
        if (found.isPresent()) {
            Cause cause = Cause.of(found.get());
            String message = records.words(found.get(), seen, other);
            switch (found.get().verdict()) {
                case WORSE -> rollBack(version, cause, message, nowMillis);
                case BETTER -> promote(version, other, cause, message, nowMillis);
            }
        }
    }

    private boolean isSlow(HealthSums canary, HealthSums other) {
        double micros = canary.latencyMicros(0.99);
        return canary.timed() >= LEAST_TIMED
                && other.timed() >= LEAST_TIMED
                && micros > SLOW_MICROS
                && micros > settings.maxLatencyFactor() * other.latencyMicros(0.99);
    }

    private void rollBack(WatchedRelease canary, Cause cause, String message, long nowMillis) {
        if (canary.has(Done.ROLLED_BACK)) {
            return;
        }
        canary.set(Done.ROLLED_BACK);
        ModelRelease retired = GuardRecords.next(
                canary.release, ReleaseStage.RETIRED, 0, cause.name() + ": " + message, canary.release.getIssuedAt());
        publisher.publish(Topic.MODEL_RELEASES, canary.key(), retired, nowMillis);
        decided(canary, ReleaseAction.ROLLED_BACK, cause, message, nowMillis);
        alert(
                canary,
                AlertSeverity.WARNING,
                "CANARY_ROLLED_BACK",
                cause.name() + ": " + message + ". Its users are scored by LIVE again; nothing needs to be done now",
                REPORT,
                nowMillis);
    }

    private void promote(WatchedRelease canary, WatchedRelease other, Cause cause, String message, long nowMillis) {
        if (canary.has(Done.PROMOTED)) {
            return;
        }
        canary.set(Done.PROMOTED);
        if (settings.promotes()) {
            long after = Math.max(canary.release.getIssuedAt(), other.release.getIssuedAt());
            ModelRelease promoted =
                    GuardRecords.next(canary.release, ReleaseStage.LIVE, 100, cause.name() + ": " + message, after);
            publisher.publish(Topic.MODEL_RELEASES, canary.key(), promoted, nowMillis);
            decided(canary, ReleaseAction.PROMOTED, cause, message, nowMillis);
        } else {
            decided(canary, ReleaseAction.PROMOTION_OFFERED, cause, message, nowMillis);
            alert(
                    canary,
                    AlertSeverity.INFO,
                    "CANARY_IS_BETTER",
                    cause.name() + ": " + message,
                    "rebound model promote " + canary.release.getVersion() + " --model " + canary.release.getModel(),
                    nowMillis);
        }
    }

    private void decided(WatchedRelease canary, ReleaseAction action, Cause cause, String message, long nowMillis) {
        publisher.publish(
                Topic.RELEASE_DECISIONS,
                canary.key(),
                records.decision(canary, live, action, cause, message, nowMillis),
                nowMillis);
    }

    private void alert(
            WatchedRelease version,
            AlertSeverity severity,
            String reason,
            String message,
            String command,
            long nowMillis) {
        publisher.publish(
                Topic.ALERTS,
                "model/" + version.key(),
                GuardRecords.alert(version, severity, reason, message, command, nowMillis),
                nowMillis);
    }
}
