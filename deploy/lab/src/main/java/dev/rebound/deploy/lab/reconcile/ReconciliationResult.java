package dev.rebound.deploy.lab.reconcile;

import java.util.List;
import java.util.Map;

/**
 * The figures of a reconciliation, in the order in which they are printed.
 *
 * @param usersScored users times how often each was scored: the recommendations
 * @param modelVersion the version that most recommendations carry
 * @param modelVersions how many recommendations carry each
 * @param trainingExamples labelled so far: those of the lists whose window for feedback has passed
 * @param seconds from the first event sent to the last one applied and visible
 * @param fallbacks lists that no model scored
 * @param findings what is wrong; empty if all is right
 * @param unchecked what nobody can check any more, because retention or compaction has taken it away
 */
public record ReconciliationResult(
        long eventsSent,
        long uniqueEvents,
        long eventsApplied,
        long lost,
        long duplicated,
        long deadLetters,
        long recommendations,
        long requests,
        long responses,
        long usersScored,
        String modelVersion,
        Map<String, Long> modelVersions,
        long checkpointsCompleted,
        double seconds,
        double eventsPerSecond,
        long trainingExamples,
        long fallbacks,
        List<String> findings,
        List<String> unchecked) {

    public ReconciliationResult {
        findings = List.copyOf(findings);
        unchecked = List.copyOf(unchecked);
    }

    /** @param findings those of the report, and what is wrong beside */
    static ReconciliationResult of(
            Reconciliation.Report report, List<String> findings, long checkpointsCompleted, double seconds) {
        return new ReconciliationResult(
                report.eventsSent(),
                report.uniqueEvents(),
                report.eventsApplied(),
                report.lost(),
                report.duplicated(),
                report.deadLetters(),
                report.recommendations(),
                report.requests(),
                report.responses(),
                report.recommendations(),
                report.modelVersion(),
                report.modelVersions(),
                checkpointsCompleted,
                seconds,
                seconds > 0 ? Math.round(report.eventsSent() / seconds) : 0,
                report.trainingExamples(),
                report.fallbacks(),
                findings,
                report.unchecked());
    }
}
