package dev.rebound.jobs.bench;

import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import dev.rebound.operators.scoring.ScoringSettings;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The recommendation job with its scoring done the plain way: one DJL predictor call a user, no batches. */
public final class PerRecordScoringJob {
    private PerRecordScoringJob() {}

    public static void main(String[] args) throws Exception {
        JobOptions options = JobOptions.parse(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        ScoringSettings oneByOne = new ScoringSettings(
                1,
                Duration.ZERO,
                options.get(JobOptions.CANDIDATES),
                options.policy(),
                options.get(JobOptions.SITE_EPOCH),
                options.get(JobOptions.EXPOSURE_FLOOR),
                options.get(JobOptions.SHADOW_COST),
                options.get(JobOptions.MOST_WAIT),
                options.get(JobOptions.REPLAY_AGE));
        RecommendationJob.build(env, options, oneByOne, options.models(PredictorRankingModel::new));
        env.execute("rebound-per-record-scoring");
    }
}
