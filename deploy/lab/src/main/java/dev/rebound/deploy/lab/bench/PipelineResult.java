package dev.rebound.deploy.lab.bench;

/**
 * The comparison.
 *
 * @param ratioToPassThrough events a second, ours to the pass-through's
 * @param ratioToPerRecord users scored a second, ours to the plain predictor's
 */
public record PipelineResult(
        long events,
        Figures passThrough,
        Figures rebound,
        Figures perRecord,
        double ratioToPassThrough,
        double ratioToPerRecord) {

    public static PipelineResult of(long events, Figures passThrough, Figures rebound, Figures perRecord) {
        return new PipelineResult(
                events,
                passThrough,
                rebound,
                perRecord,
                rebound.eventsPerSecond() / passThrough.eventsPerSecond(),
                rebound.usersScoredPerSecond() / perRecord.usersScoredPerSecond());
    }
}
