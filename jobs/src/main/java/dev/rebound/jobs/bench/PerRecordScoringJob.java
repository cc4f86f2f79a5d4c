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
        ScoringSettings oneByOne = options.scoring().withBatches(1, Duration.ZERO);
        RecommendationJob.build(env, options, oneByOne, options.models(PredictorRankingModel::new));
        env.execute("rebound-per-record-scoring");
    }
}
