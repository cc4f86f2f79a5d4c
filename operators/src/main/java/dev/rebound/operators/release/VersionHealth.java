package dev.rebound.operators.release;

/**
 * What one scoring task saw of one model version since it last told, as sums that can be added up over tasks. Sent every
 * few seconds and never kept in state: about 600 bytes.
 */
public final class VersionHealth {
    /** Equal parts of [0, 1] that scores are counted in. */
    public static final int SCORE_BUCKETS = 20;

    /** Powers of two that latencies are counted in: bucket n holds those below 2^n microseconds, the last one all others. */
    public static final int LATENCY_BUCKETS = 26;

    public String model = "";
    public String version = "";
    /** Ordinal of the ReleaseStage that it scored in. */
    public int stage;
    /** Processing time of the last observation, milliseconds. */
    public long timeMillis;

    /** Users that it was to score. */
    public long users;

    public long batches;
    /** Batches that it threw on, or of which it returned a NaN or a wrong shape. */
    public long failedBatches;
    /** Forward passes by what each took. */
    public long[] latencies = new long[LATENCY_BUCKETS];
    /** Each user's best candidates by their score. */
    public long[] scores = new long[SCORE_BUCKETS];

    /** Users that the LIVE version scored as well, SHADOW only; what follows is about those. */
    public long comparedUsers;
    /** Sum over them of the share of the ten best candidates that both versions have. */
    public double topTenOverlap;
    /** Sum over them of Spearman's rank correlation of all candidates. */
    public double rankCorrelation;
    /** The LIVE version's scores of the same users' best candidates. */
    public long[] liveScores = new long[SCORE_BUCKETS];
}
