package dev.rebound.operators.scoring;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What the scoring stage counts. */
final class ScoringMetrics {
    final Counter usersScored;
    final Counter batchesScored;
    final Counter campaignRequests;
    final Counter canaryUsers;
    final Counter fallbackUsers;
    final Counter fewerCandidatesUsers;
    final Counter smallerModelUsers;
    final Counter modelFailures;

    ScoringMetrics(
            MetricGroup metrics,
            ActiveReleases releases,
            ScoringOutputs outputs,
            ShadowScoring shadow,
            OverloadLadder ladder,
            UnscoredLists unscored) {
        usersScored = metrics.counter("users_scored_total");
        batchesScored = metrics.counter("batches_scored_total");
        campaignRequests = metrics.counter("campaign_requests_total");
        canaryUsers = metrics.counter("users_canary_total");
        fallbackUsers = metrics.counter("users_fallback_total");
        fewerCandidatesUsers = metrics.counter("users_fewer_candidates_total");
        smallerModelUsers = metrics.counter("users_smaller_model_total");
        modelFailures = metrics.counter("model_failures_total");
        metrics.gauge("models_serving", () -> releases.live() == null ? 0 : 1);
        metrics.gauge("canary_percent", () -> releases.split().percent());
        metrics.gauge("models_loaded", () -> releases.versions().size());
        metrics.gauge("model_swaps_total", releases::swaps);
        metrics.gauge("models_refused_total", releases::refused);
        metrics.gauge("models_unavailable", releases::unavailable);
        metrics.gauge("users_shadow_total", shadow::users);
        metrics.gauge("users_shadow_skipped_total", shadow::skipped);
        metrics.gauge("explanations_failed_total", outputs::explanationsFailed);
        metrics.gauge("answer_p99_millis", () -> outputs.answerTimes().p99Millis(System.currentTimeMillis()));
        metrics.gauge("overload_step", () -> ladder.step().ordinal());
        metrics.gauge("users_last_list_total", unscored::byLastList);
        metrics.gauge("users_trending_total", unscored::byTrending);
    }
}
