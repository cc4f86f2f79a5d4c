package dev.rebound.jobs;

import dev.rebound.operators.campaigns.CampaignFeatureOperator;
import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.campaigns.CampaignUpdate;
import dev.rebound.operators.feedback.FeedbackJoin;
import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.SplitDeadLetters;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.item.ItemFeatureOperator;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.model.ModelOpener;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.release.IssuedSince;
import dev.rebound.operators.release.guard.GuardSignal;
import dev.rebound.operators.release.guard.ReleaseGuardOperator;
import dev.rebound.operators.scoring.ScoringOperator;
import dev.rebound.operators.scoring.ScoringOutputs;
import dev.rebound.operators.scoring.ScoringSettings;
import dev.rebound.operators.scoring.SideInput;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserFeatureOperator;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.Topic;
import java.util.Arrays;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** The stages of {@link RecommendationJob}: what each reads, by which key, and the uid that its state is found by. */
final class RecommendationStages {
    private final JobOptions options;

    RecommendationStages(JobOptions options) {
        this.options = options;
    }

    /** Without what cannot be used, which goes to {@link #deadLetters}. */
    static <T> SingleOutputStreamOperator<T> valid(
            DataStream<Decoded<T>> decoded, Topic topic, TopicDeserializer<T> deserializer) {
        String name = topic.shortName() + "-valid";
        return decoded.process(new SplitDeadLetters<T>(), deserializer.valueType())
                .name(name)
                .uid(name);
    }

    SingleOutputStreamOperator<ScoringTask> userFeatures(
            DataStream<UserSignal> events, DataStream<UserSignal> requests) {
        return events.union(requests)
                .keyBy(signal -> signal.userId, Types.STRING)
                .transform(
                        "user-features",
                        UserFeatureOperator.type(),
                        new UserFeatureOperator(
                                options.userFeatures(),
                                options.get(JobOptions.USER_TTL),
                                options.get(JobOptions.COUNT)))
                .uid("user-features");
    }

    DataStream<ItemUpdate> itemFeatures(DataStream<ItemSignal> catalog, SingleOutputStreamOperator<ScoringTask> users) {
        return catalog.union(users.getSideOutput(UserFeatureOperator.ITEM_SIGNALS))
                .keyBy(signal -> signal.itemKey, Types.LONG)
                .transform(
                        "item-features",
                        ItemFeatureOperator.type(),
                        new ItemFeatureOperator(
                                options.get(JobOptions.ITEM_INTERVAL), options.get(JobOptions.SESSION_TTL)))
                .uid("item-features");
    }

    DataStream<CampaignUpdate> campaignFeatures(
            DataStream<CampaignSignal> defined, SingleOutputStreamOperator<ScoringTask> users) {
        return defined.union(users.getSideOutput(UserFeatureOperator.CAMPAIGN_SIGNALS))
                .keyBy(signal -> signal.campaignKey, Types.LONG)
                .transform(
                        "campaign-features",
                        CampaignFeatureOperator.type(),
                        new CampaignFeatureOperator(options.get(JobOptions.ITEM_INTERVAL)))
                .uid("campaign-features");
    }

    /** Without those of before the option's time. */
    DataStream<ModelRelease> releasesInForce(DataStream<ModelRelease> announced) {
        return announced
                .filter(new IssuedSince(options.get(JobOptions.RELEASES_SINCE)))
                .name("releases-in-force")
                .uid("releases-in-force");
    }

    /** Tasks by user; items, campaigns and releases to every subtask. */
    SingleOutputStreamOperator<OutputRecord> scoring(
            DataStream<ScoringTask> users,
            DataStream<ItemUpdate> items,
            DataStream<CampaignUpdate> campaigns,
            DataStream<ModelRelease> releases,
            ScoringSettings settings,
            ModelOpener models) {
        DataStream<SideInput> side = side(items, "items", SideInput::item)
                .union(
                        side(campaigns, "campaigns", SideInput::campaign),
                        side(releases, "releases", SideInput::release));
        return users.keyBy(task -> task.userId, Types.STRING)
                .connect(side.broadcast())
                .transform("scoring", OutputRecord.TYPE, new ScoringOperator(models, settings))
                .uid("scoring")
                .slotSharingGroup("scoring");
    }

    private static <T> DataStream<SideInput> side(DataStream<T> stream, String name, SideInput.Part<T> part) {
        String uid = "scoring-" + name;
        return stream.map(new SideInput.Of<>(part), SideInput.TYPE).name(uid).uid(uid);
    }

    /** What was shown, and what the same user did then. */
    SingleOutputStreamOperator<OutputRecord> feedback(
            SingleOutputStreamOperator<OutputRecord> scored, DataStream<UserSignal> events) {
        return scored.getSideOutput(ScoringOutputs.LISTS)
                .connect(events.filter(FeedbackJoin::isFeedback)
                        .name("feedback-events")
                        .uid("feedback-events"))
                .keyBy(list -> list.userId, event -> event.userId, Types.STRING)
                .process(
                        new FeedbackJoin(
                                options.get(JobOptions.FEEDBACK_WINDOW),
                                options.get(GuardOptions.ATTRIBUTION_WINDOW),
                                options.get(JobOptions.FEEDBACK_IMPRESSIONS)),
                        OutputRecord.TYPE)
                .name("feedback")
                .uid("feedback");
    }

    /** One subtask, which hears of all outcomes, of the health of every version, and of the releases. */
    DataStream<OutputRecord> releaseGuard(
            SingleOutputStreamOperator<OutputRecord> examples,
            SingleOutputStreamOperator<OutputRecord> scored,
            DataStream<ModelRelease> releases) {
        return guardSignals(examples.getSideOutput(FeedbackJoin.OUTCOMES), "outcomes", GuardSignal::of)
                .union(
                        guardSignals(scored.getSideOutput(ScoringOutputs.HEALTH), "health", GuardSignal::of),
                        guardSignals(releases, "releases", GuardSignal::of))
                .transform("release-guard", OutputRecord.TYPE, new ReleaseGuardOperator(options.guard()))
                .uid("release-guard")
                .forceNonParallel();
    }

    private static <T> DataStream<GuardSignal> guardSignals(
            DataStream<T> seen, String name, MapFunction<T, GuardSignal> signal) {
        String uid = "release-guard-" + name;
        return seen.map(signal, GuardSignal.TYPE).name(uid).uid(uid);
    }

    /** What was left out of each {@link #valid} stream. */
    static DataStream<OutputRecord> deadLetters(SingleOutputStreamOperator<?>... valid) {
        return Arrays.stream(valid)
                .<DataStream<OutputRecord>>map(each -> each.getSideOutput(SplitDeadLetters.DEAD_LETTERS))
                .reduce((some, more) -> some.union(more))
                .orElseThrow();
    }
}
