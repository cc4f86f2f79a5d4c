package dev.rebound.deploy.ops.reconcile;

/**
 * The figures of a reconciliation, in the order in which they are printed.
 *
 * @param usersScored users times how often each was scored: the recommendations
 * @param modelVersion the version that most recommendations carry
 * @param trainingExamples labelled so far: those of the lists whose window for feedback has passed
 * @param seconds from the first event sent to the last one applied and visible
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
        long checkpointsCompleted,
        double seconds,
        double eventsPerSecond,
        long trainingExamples) {

    static ReconciliationResult of(Reconciliation.Report report, long checkpointsCompleted, double seconds) {
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
                checkpointsCompleted,
                seconds,
                seconds > 0 ? Math.round(report.eventsSent() / seconds) : 0,
                report.trainingExamples());
    }
}
