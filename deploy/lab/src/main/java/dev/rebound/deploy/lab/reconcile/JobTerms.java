package dev.rebound.deploy.lab.reconcile;

import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.PolicyOptions;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/**
 * What the outputs of a job depend on beside the inputs: its options and its start.
 *
 * @param minIntervalMillis least event time between two events of a user that cause a recommendation
 * @param listLength most items of a list that an event caused
 * @param feedbackWindowMillis how long after its request feedback on an answer counts, event time
 * @param impressions whether the shop tells what was seen; else all of an answer counts as seen
 * @param outOfOrdernessMillis how far behind the newest event of its partition an event may be without being late
 * @param siteEpoch marks what the job writes
 * @param startedMillis from when on the job writes
 */
record JobTerms(
        long minIntervalMillis,
        int listLength,
        long feedbackWindowMillis,
        boolean impressions,
        long outOfOrdernessMillis,
        Exclusions exclusions,
        long siteEpoch,
        long startedMillis) {

    static JobTerms of(JobOptions options, long startedMillis) {
        Configuration given = Configuration.fromMap(options.toMap());
        return new JobTerms(
                options.get(JobOptions.MIN_INTERVAL).toMillis(),
                options.get(JobOptions.COUNT),
                options.get(JobOptions.FEEDBACK_WINDOW).toMillis(),
                options.get(JobOptions.FEEDBACK_IMPRESSIONS),
                options.get(JobOptions.OUT_OF_ORDERNESS).toMillis(),
                Exclusions.of(
                        given.getOptional(PolicyOptions.EXCLUDE).orElse(List.of()), given.get(PolicyOptions.MIN_PRICE)),
                options.get(JobOptions.SITE_EPOCH),
                startedMillis);
    }
}
