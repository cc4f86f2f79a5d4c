package dev.rebound.operators.release.guard;

import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import dev.rebound.schemas.Estimate;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ModelReport;
import dev.rebound.schemas.ReleaseAction;
import dev.rebound.schemas.ReleaseDecision;
import dev.rebound.schemas.ReleaseStage;
import java.util.Locale;
import org.apache.flink.util.Preconditions;
import org.jspecify.annotations.Nullable;

/** Puts what the guard knows and decides into records. */
final class GuardRecords {
    /** Who issues the guard's releases. */
    static final String ISSUER = "release-guard";

    private static final double PERCENT = 100;

    private final CanaryTest test;
    private final GuardSettings settings;

    GuardRecords(CanaryTest test, GuardSettings settings) {
        this.test = test;
        this.settings = settings;
    }

    /**
     * What was seen of a version by now.
     *
     * @param stage in which it is
     * @param live what a canary or shadow is compared with
     */
    ModelReport report(WatchedRelease version, ReleaseStage stage, @Nullable WatchedRelease live, long nowMillis) {
        Evidence seen = Preconditions.checkNotNull(version.evidence);
        int comparison = Math.max(1, seen.comparison);
        ModelReport report = new ModelReport();
        report.setModel(version.release.getModel());
        report.setVersion(version.release.getVersion());
        report.setStage(stage);
        report.setTrafficPercent(version.release.getTrafficPercent());
        report.setComparison(seen.comparison);
        report.setSince(seen.sinceMillis);
        report.setReportedAt(nowMillis);
        report.setUsers(seen.users.estimate());
        report.setLists(seen.lists);
        report.setImpressions(seen.outcomes.impressions());
        report.setClicks(seen.outcomes.count(Outcome.CLICK));
        report.setConversions(seen.outcomes.count(Outcome.CONVERSION));
        report.setClickRate(estimate(test.rate(seen.outcomes, Outcome.CLICK, comparison)));
        report.setConversionRate(estimate(test.rate(seen.outcomes, Outcome.CONVERSION, comparison)));
        report.setBatches(seen.health.batches());
        report.setFailedBatches(seen.health.failedBatches());
        report.setLatencyP50Micros(known(seen.health.latencyMicros(0.5)));
        report.setLatencyP99Micros(known(seen.health.latencyMicros(0.99)));
        report.setTopTenOverlap(known(seen.health.topTenOverlap()));
        report.setRankCorrelation(known(seen.health.rankCorrelation()));
        if (live != null && live != version && live.evidence != null) {
            report.setLiveVersion(live.release.getVersion());
            report.setScoreDrift(known(seen.health.scoreDrift(live.evidence.health)));
            if (seen.comparison > 0) {
                OutcomeSums other = live.evidence.outcomes;
                report.setClickLift(estimate(test.lift(other, seen.outcomes, Outcome.CLICK, comparison)));
                report.setConversionLift(estimate(test.lift(other, seen.outcomes, Outcome.CONVERSION, comparison)));
            }
        }
        return report;
    }

    private static Estimate estimate(Interval interval) {
        return new Estimate(known(interval.estimate()), known(interval.lower()), known(interval.upper()));
    }

    private static @Nullable Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }

    ReleaseDecision decision(
            WatchedRelease canary,
            @Nullable WatchedRelease live,
            ReleaseAction action,
            Cause cause,
            String message,
            long nowMillis) {
        ReleaseDecision decision = new ReleaseDecision();
        decision.setModel(canary.release.getModel());
        decision.setVersion(canary.release.getVersion());
        decision.setReleaseIssuedAt(canary.release.getIssuedAt());
        decision.setAction(action);
        decision.setReason(cause.name());
        decision.setMessage(message);
        decision.setAlpha(cause.isStatistical() ? settings.alpha() : 0);
        decision.setCanary(report(canary, canary.release.getStage(), live, nowMillis));
        decision.setLive(
                live == null || live.evidence == null ? null : report(live, live.release.getStage(), live, nowMillis));
        decision.setDecidedAt(nowMillis);
        return decision;
    }

    /**
     * The release that follows from a decision. Its time is that of the release which it ends, and not of now, so that one
     * that is written again after a failure neither differs from the first nor overrules what a person issued since.
     *
     * @param afterMillis issuedAt of the release that it has to be newer than
     */
    static ModelRelease next(
            ModelRelease of, ReleaseStage stage, double trafficPercent, String reason, long afterMillis) {
        return ModelRelease.newBuilder(of)
                .setStage(stage)
                .setTrafficPercent(trafficPercent)
                .setReason(reason)
                .setIssuedAt(afterMillis + 1)
                .setIssuedBy(ISSUER)
                .build();
    }

    static Alert alert(
            WatchedRelease version,
            AlertSeverity severity,
            String reason,
            String message,
            String command,
            long nowMillis) {
        return new Alert("model", version.key(), severity, reason, message, command, nowMillis);
    }

    /** The evidence of a finding in words, such as "clicks an impression 0.0431, LIVE v1 0.0502: -14.1 % ...". */
    String words(CanaryTest.Finding finding, Evidence canary, WatchedRelease live) {
        OutcomeSums other = Preconditions.checkNotNull(live.evidence).outcomes;
        Interval lift = test.lift(other, canary.outcomes, finding.outcome(), canary.comparison);
        return String.format(
                Locale.ROOT,
                "%s an impression %.4f, LIVE %s %.4f: %+.1f %% (%+.1f to %+.1f) after %,d impressions of %,d users",
                finding.outcome() == Outcome.CLICK ? "clicks" : "conversions",
                canary.outcomes.rate(finding.outcome()),
                live.release.getVersion(),
                other.rate(finding.outcome()),
                lift.estimate() * PERCENT,
                lift.lower() * PERCENT,
                lift.upper() * PERCENT,
                canary.outcomes.impressions(),
                canary.users.estimate());
    }
}
