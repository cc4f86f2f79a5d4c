package dev.rebound.operators.scoring;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.ScoreExplanation;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.CampaignRanking;
import dev.rebound.operators.ranking.RankingPolicy;
import dev.rebound.operators.ranking.RecommendationFactory;
import dev.rebound.operators.ranking.ScoredList;
import dev.rebound.operators.ranking.ScoredListSerializer;
import dev.rebound.operators.ranking.Slate;
import dev.rebound.operators.release.VersionHealth;
import dev.rebound.operators.release.VersionHealthSerializer;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns scores and profiles into encoded records. Owned by one scoring task. */
public final class ScoringOutputs {
    private static final Logger LOG = LoggerFactory.getLogger(ScoringOutputs.class);

    /** Answers to requests, on their way around the checkpoint. */
    public static final OutputTag<OutputRecord> RESPONSES =
            new OutputTag<>("recommendation-responses", OutputRecord.TYPE);

    /** What requests were answered with, and who was erased, on their way to be joined with feedback. */
    public static final OutputTag<ScoredList> LISTS =
            new OutputTag<>("scored-lists", new RecordTypeInformation<>(ScoredList.class, new ScoredListSerializer()));

    /** What the versions of the model did since it was last told, every few seconds. */
    public static final OutputTag<VersionHealth> HEALTH = new OutputTag<>(
            "version-health", new RecordTypeInformation<>(VersionHealth.class, new VersionHealthSerializer()));

    /** What a person should know of. */
    public static final OutputTag<OutputRecord> ALERTS = new OutputTag<>("alerts", OutputRecord.TYPE);

    private static final int REMEMBERED_USERS = 20_000;

    private final ItemTable table;
    private final RankingPolicy policy;
    private final RecommendationFactory records;
    private final ScoreExplanation explanation;
    private final RecentSlots slots = new RecentSlots();
    private final UserInterests interests = new UserInterests();
    private final RecordCodec<Recommendation> recommendationCodec = RecordCodec.of(Recommendation.class);
    private final RecordCodec<UserProfile> profileCodec = RecordCodec.of(UserProfile.class);
    private final Output<StreamRecord<OutputRecord>> output;
    private final Slate slate = new Slate();
    private final RememberedLists remembered = new RememberedLists(REMEMBERED_USERS, RankingPolicy.PAGE);
    private final AnswerTimes answerTimes = new AnswerTimes();
    private long explanationsFailed;

    public ScoringOutputs(ItemTable table, ScoringSettings settings, Output<StreamRecord<OutputRecord>> output) {
        this.table = table;
        this.policy = new RankingPolicy(table, settings.policy(), settings.candidates());
        this.records = new RecommendationFactory(table, settings.siteEpoch());
        this.explanation = new ScoreExplanation(settings.candidates());
        this.output = output;
    }

    /**
     * Ranks and sends the recommendation of each user of a batch who was scored.
     *
     * @param model that scored it; null where retrieval ordered it
     */
    public void recommendations(ScoringBatch batch, @Nullable RankingModel model, long nowMillis) {
        for (int user = 0; user < batch.size(); user++) {
            if (!batch.hasFailed(user)) {
                recommendation(batch, user, model, nowMillis);
            }
        }
    }

    private void recommendation(ScoringBatch batch, int user, @Nullable RankingModel model, long nowMillis) {
        ScoringTask task = batch.task(user);
        policy.choose(task, batch.candidates(user), batch.scores(), batch.offset(user), slate);
        List<Map<String, Float>> contributions =
                task.explain && model != null ? contributions(batch, user, model) : List.of();
        Recommendation recommendation = records.recommendation(
                task,
                batch.candidates(user),
                slate,
                batch.scores(),
                batch.offset(user),
                model == null ? ScoringBatch.RETRIEVAL_ORDER : model.version(),
                contributions,
                nowMillis);
        send(task, recommendation, nowMillis);
        if (task.kind == ScoringTask.Kind.REQUEST && slate.size() > 0) {
            ScoredList list = records.scoredList(recommendation, slate, task, batch.features(), user);
            output.collect(LISTS, new StreamRecord<>(list));
        }
        if (UnscoredLists.proposes(task)) {
            remember(task, batch.candidates(user), batch.scores(), batch.offset(user));
        }
    }

    private void remember(ScoringTask task, Candidates candidates, float[] scores, int offset) {
        int row = remembered.begin(task);
        for (int n = 0; n < slate.size(); n++) {
            int c = slate.candidate(n);
            remembered.add(row, candidates.slots[c], scores[offset + c]);
        }
    }

    /** What users were shown last of what was scored. */
    RememberedLists remembered() {
        return remembered;
    }

    /**
     * Ranks and sends the recommendation of a user whose features were not made. Nothing is to be learned from it.
     *
     * @param scores of the candidates, in [0, 1]
     * @param version that marks the list
     */
    void unscored(ScoringTask task, Candidates candidates, float[] scores, String version, long nowMillis) {
        policy.choose(task, candidates, scores, 0, slate);
        send(
                task,
                records.recommendation(task, candidates, slate, scores, 0, version, List.of(), nowMillis),
                nowMillis);
    }

    /** Sends the answer to a request for campaigns. */
    public void campaigns(ScoringTask task, List<RecommendedItem> campaigns, long nowMillis) {
        send(task, records.recommendation(task, campaigns, CampaignRanking.VERSION, nowMillis), nowMillis);
    }

    private void send(ScoringTask task, Recommendation recommendation, long nowMillis) {
        byte[] key = key(task);
        byte[] value = recommendationCodec.encode(recommendation);
        long id = ItemKey.of(recommendation.getRecommendationId());
        if (task.kind == ScoringTask.Kind.REQUEST) {
            OutputRecord response = new OutputRecord(Topic.RECOMMENDATION_RESPONSES, key, value, nowMillis, id);
            output.collect(RESPONSES, new StreamRecord<>(response.to(task.replyPartition)));
            answerTimes.answered(task.recordMillis, nowMillis);
        }
        output.collect(record(Topic.RECOMMENDATIONS, key, value, nowMillis, id));
    }

    /** An answer is not lost for want of its explanation. */
    private List<Map<String, Float>> contributions(ScoringBatch batch, int user, RankingModel model) {
        try {
            return explanation.of(
                    batch.features(),
                    user,
                    slate.candidates(),
                    slate.size(),
                    batch.modelScores(),
                    batch.offset(user),
                    ItemKey.hash(batch.task(user).triggerId),
                    model);
        } catch (ModelFailedException e) {
            explanationsFailed++;
            LOG.error("Model version {} failed to explain a list", model.version(), e);
            return List.of();
        }
    }

    /** How long the last requests waited. */
    AnswerTimes answerTimes() {
        return answerTimes;
    }

    /** Answers that were asked to be explained and were not. */
    long explanationsFailed() {
        return explanationsFailed;
    }

    /** Tells what was seen of a version. */
    public void health(VersionHealth health) {
        output.collect(HEALTH, new StreamRecord<>(health));
    }

    /** Sends a user's profile. */
    public void profile(ScoringTask task, long nowMillis) {
        slots.resolve(task.recent, table);
        interests.compute(task.recent, slots, table, task.timeMillis);
        byte[] value = profileCodec.encode(records.profile(task, interests, nowMillis));
        output.collect(record(Topic.USER_PROFILES, key(task), value, nowMillis, OutputRecord.NO_ID));
    }

    /** Sends the tombstone of the profile of a user who is no longer kept. */
    public void expiry(ScoringTask task, long nowMillis) {
        output.collect(record(Topic.USER_PROFILES, key(task), null, nowMillis, OutputRecord.NO_ID));
    }

    /** Sends the tombstones of an erased user; all that was recommended to the user must have been sent before. */
    public void erasure(ScoringTask task, long nowMillis) {
        remembered.forget(task.userId);
        output.collect(record(Topic.USER_PROFILES, key(task), null, nowMillis, OutputRecord.NO_ID));
        output.collect(record(Topic.RECOMMENDATIONS, key(task), null, nowMillis, OutputRecord.NO_ID));
        output.collect(LISTS, new StreamRecord<>(ScoredList.erasure(task.userId)));
    }

    private static byte[] key(ScoringTask task) {
        return task.userId.getBytes(StandardCharsets.UTF_8);
    }

    private static StreamRecord<OutputRecord> record(
            Topic topic, byte[] key, byte @Nullable [] value, long nowMillis, long id) {
        return new StreamRecord<>(new OutputRecord(topic, key, value, nowMillis, id));
    }
}
