package dev.rebound.operators.scoring;

import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.CampaignRanking;
import dev.rebound.operators.ranking.RankingPolicy;
import dev.rebound.operators.ranking.RecommendationFactory;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.TrainingExample;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Turns scores and profiles into encoded records. Owned by one scoring task. */
public final class ScoringOutputs {
    /** Answers to requests, on their way around the checkpoint. */
    public static final OutputTag<OutputRecord> RESPONSES =
            new OutputTag<>("recommendation-responses", OutputRecord.TYPE);

    private final ItemTable table;
    private final RankingPolicy policy;
    private final RecommendationFactory records;
    private final RecentSlots slots = new RecentSlots();
    private final UserInterests interests = new UserInterests();
    private final RecordCodec<Recommendation> recommendationCodec = RecordCodec.of(Recommendation.class);
    private final RecordCodec<UserProfile> profileCodec = RecordCodec.of(UserProfile.class);
    private final RecordCodec<TrainingExample> exampleCodec = RecordCodec.of(TrainingExample.class);
    private final Output<StreamRecord<OutputRecord>> output;
    private int[] chosen = new int[10];

    public ScoringOutputs(ItemTable table, ScoringSettings settings, Output<StreamRecord<OutputRecord>> output) {
        this.table = table;
        this.policy = new RankingPolicy(table, settings.maxPerCategory(), settings.candidates());
        this.records = new RecommendationFactory(table, settings.siteEpoch());
        this.output = output;
    }

    /** Ranks and sends the recommendation of each user of a scored batch. */
    public void recommendations(ScoringBatch batch, String modelVersion, long nowMillis) {
        for (int user = 0; user < batch.size(); user++) {
            recommendation(batch, user, modelVersion, nowMillis);
        }
    }

    private void recommendation(ScoringBatch batch, int user, String modelVersion, long nowMillis) {
        ScoringTask task = batch.task(user);
        if (chosen.length != task.count) {
            chosen = new int[task.count];
        }
        boolean capped = task.scenario == Scenario.HOME && task.candidates == null;
        int count = policy.choose(batch.candidates(user), batch.scores(), batch.offset(user), capped, chosen);
        Recommendation recommendation = records.recommendation(
                task,
                batch.candidates(user),
                chosen,
                count,
                batch.scores(),
                batch.offset(user),
                modelVersion,
                nowMillis);
        byte[] key = key(task);
        byte[] value = recommendationCodec.encode(recommendation);
        if (task.trigger == ScoringTask.Trigger.REQUEST) {
            output.collect(RESPONSES, record(Topic.RECOMMENDATION_RESPONSES, key, value, nowMillis));
            examples(recommendation, batch, user, key, nowMillis);
        }
        output.collect(record(Topic.RECOMMENDATIONS, key, value, nowMillis));
    }

    /** Sends the answer to a request for campaigns. */
    public void campaigns(ScoringTask task, List<RecommendedItem> campaigns, long nowMillis) {
        byte[] key = key(task);
        byte[] value =
                recommendationCodec.encode(records.recommendation(task, campaigns, CampaignRanking.VERSION, nowMillis));
        output.collect(RESPONSES, record(Topic.RECOMMENDATION_RESPONSES, key, value, nowMillis));
        output.collect(record(Topic.RECOMMENDATIONS, key, value, nowMillis));
    }

    private void examples(Recommendation recommendation, ScoringBatch batch, int user, byte[] key, long nowMillis) {
        for (int i = 0; i < recommendation.getItems().size(); i++) {
            TrainingExample example =
                    records.trainingExample(recommendation, i, chosen[i], batch.task(user), batch.features(), user);
            output.collect(record(Topic.TRAINING_EXAMPLES, key, exampleCodec.encode(example), nowMillis));
        }
    }

    /** Sends a user's profile, or its tombstone after an erasure. */
    public void profile(ScoringTask task, long nowMillis) {
        byte[] value = null;
        if (task.trigger == ScoringTask.Trigger.PROFILE) {
            slots.resolve(task.recent, table);
            interests.compute(task.recent, slots, table, task.timeMillis);
            value = profileCodec.encode(records.profile(task, interests, nowMillis));
        }
        output.collect(record(Topic.USER_PROFILES, key(task), value, nowMillis));
    }

    private static byte[] key(ScoringTask task) {
        return task.userId.getBytes(StandardCharsets.UTF_8);
    }

    private static StreamRecord<OutputRecord> record(Topic topic, byte[] key, byte[] value, long nowMillis) {
        return new StreamRecord<>(new OutputRecord(topic, key, value, nowMillis));
    }
}
