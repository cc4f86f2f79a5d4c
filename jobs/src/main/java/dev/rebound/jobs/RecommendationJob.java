package dev.rebound.jobs;

import dev.rebound.operators.features.CampaignFeatureOperator;
import dev.rebound.operators.features.CampaignSignal;
import dev.rebound.operators.features.ItemFeatureOperator;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.features.SideUpdate;
import dev.rebound.operators.features.UserFeatureOperator;
import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.SplitDeadLetters;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.release.IssuedSince;
import dev.rebound.operators.release.guard.GuardSignal;
import dev.rebound.operators.release.guard.ReleaseGuardOperator;
import dev.rebound.operators.scoring.ModelOpener;
import dev.rebound.operators.scoring.ScoringOperator;
import dev.rebound.operators.scoring.ScoringOutputs;
import dev.rebound.operators.scoring.ScoringSettings;
import dev.rebound.operators.scoring.ScoringTask;
import dev.rebound.operators.training.FeedbackJoin;
import dev.rebound.schemas.Topic;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Behaviour events and requests in, scored recommendations out.
 *
 * <pre>
 * behaviour-events ---------+--------------------------------------------- feedback (by user) -- training-examples
 * recommendation-requests --+-- user-features (by user) --------+             ^
 *                                  |                            |             |
 *                                  v                            v             |
 * catalog-updates ------------- item-features (by item) ==== scoring ---------+-- recommendations, user-profiles;
 * model-releases ============================================== ^                 responses, alerts
 * feedback, scoring, model-releases -- release-guard (one) -- model-reports, release-decisions, model-releases, alerts
 * (=== is broadcast; what cannot be read goes to dead-letters)
 * </pre>
 */
public final class RecommendationJob {
    /** Part of uids and transactional ids: a savepoint knows it. */
    static final String NAME = "recommendation";

    /** As Flink shows it. */
    public static final String JOB_NAME = "rebound-" + NAME;

    private RecommendationJob() {}

    public static void main(String[] args) throws Exception {
        JobOptions options = JobOptions.parse(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, options);
        env.execute(JOB_NAME);
    }

    /** Lays the dataflow from Kafka to Kafka. */
    public static void build(StreamExecutionEnvironment env, JobOptions options) {
        build(env, options, options.scoring(), options.models());
    }

    /** The same with a scoring of the caller's. */
    public static void build(
            StreamExecutionEnvironment env, JobOptions options, ScoringSettings scoring, ModelOpener models) {
        configure(env, options);
        Inputs inputs = fromKafka(env, options);
        Outputs outputs = connect(inputs, options, scoring, models);
        toKafka(outputs, options);
    }

    /** What goes in, each element decoded or a dead letter. */
    record Inputs(
            DataStream<Decoded<UserSignal>> events,
            DataStream<Decoded<UserSignal>> requests,
            DataStream<Decoded<ItemSignal>> catalog,
            DataStream<Decoded<CampaignSignal>> campaigns,
            DataStream<Decoded<SideUpdate>> releases) {}

    /** What comes out, encoded and with its topic. */
    record Outputs(
            DataStream<OutputRecord> recommendations,
            DataStream<OutputRecord> responses,
            DataStream<OutputRecord> examples,
            DataStream<OutputRecord> alerts,
            DataStream<OutputRecord> guarded,
            DataStream<OutputRecord> deadLetters) {}

    /** Settings that the job's correctness rests on, whatever the cluster's configuration says. */
    public static void configure(StreamExecutionEnvironment env, JobOptions options) {
        Configuration configuration = new Configuration();
        // Flink's web page and REST interface show what the job was submitted with.
        configuration.set(PipelineOptions.GLOBAL_JOB_PARAMETERS, options.toMap());
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(PipelineOptions.MAX_PARALLELISM, 128);
        // With a parallelism of 1 the guard's maximum, which is 1, would become that of all that it is chained to, and
        // savepoints of a greater parallelism could not be restored.
        configuration.set(PipelineOptions.OPERATOR_CHAINING_CHAIN_OPERATORS_WITH_DIFFERENT_MAX_PARALLELISM, false);
        env.configure(configuration);
    }

    private static Inputs fromKafka(StreamExecutionEnvironment env, JobOptions options) {
        KafkaEndpoints kafka = new KafkaEndpoints(options, NAME);
        return new Inputs(
                source(
                        env,
                        kafka,
                        Topic.BEHAVIOUR_EVENTS,
                        TopicDeserializer.behaviourEvents(options.pseudonyms()),
                        eventTime(options)),
                source(
                        env,
                        kafka,
                        Topic.RECOMMENDATION_REQUESTS,
                        TopicDeserializer.requests(options.pseudonyms()),
                        eventTime(options)),
                source(
                        env,
                        kafka,
                        Topic.CATALOG_UPDATES,
                        TopicDeserializer.catalog(),
                        WatermarkStrategy.noWatermarks()),
                source(env, kafka, Topic.CAMPAIGNS, TopicDeserializer.campaigns(), WatermarkStrategy.noWatermarks()),
                source(
                        env,
                        kafka,
                        Topic.MODEL_RELEASES,
                        TopicDeserializer.releases(),
                        WatermarkStrategy.noWatermarks()));
    }

    private static <T> DataStream<Decoded<T>> source(
            StreamExecutionEnvironment env,
            KafkaEndpoints kafka,
            Topic topic,
            TopicDeserializer<T> deserializer,
            WatermarkStrategy<Decoded<T>> watermarks) {
        return env.fromSource(kafka.source(topic, deserializer), watermarks, topic.shortName())
                .uid(topic.shortName());
    }

    private static WatermarkStrategy<Decoded<UserSignal>> eventTime(JobOptions options) {
        return WatermarkStrategy.<Decoded<UserSignal>>forBoundedOutOfOrderness(options.get(JobOptions.OUT_OF_ORDERNESS))
                .withTimestampAssigner(
                        (decoded, ignored) -> decoded.value == null ? Long.MIN_VALUE : decoded.value.timeMillis)
                .withIdleness(options.get(JobOptions.IDLENESS));
    }

    /** The dataflow between sources and sinks. */
    static Outputs connect(Inputs inputs, JobOptions options, ScoringSettings scoring, ModelOpener models) {
        var events = split(inputs.events(), Topic.BEHAVIOUR_EVENTS, TopicDeserializer.behaviourEvents());
        var requests = split(inputs.requests(), Topic.RECOMMENDATION_REQUESTS, TopicDeserializer.requests());
        var catalog = split(inputs.catalog(), Topic.CATALOG_UPDATES, TopicDeserializer.catalog());
        var definedCampaigns = split(inputs.campaigns(), Topic.CAMPAIGNS, TopicDeserializer.campaigns());
        var releases = split(inputs.releases(), Topic.MODEL_RELEASES, TopicDeserializer.releases());

        DataStream<SideUpdate> releasesInForce = releases.filter(
                        new IssuedSince(options.get(JobOptions.RELEASES_SINCE)))
                .name("releases-in-force")
                .uid("releases-in-force");

        SingleOutputStreamOperator<ScoringTask> users = events.union(requests)
                .keyBy(signal -> signal.userId, Types.STRING)
                .transform(
                        "user-features",
                        UserFeatureOperator.type(),
                        new UserFeatureOperator(
                                options.userFeatures(),
                                options.get(JobOptions.USER_TTL),
                                options.get(JobOptions.COUNT)))
                .uid("user-features");

        DataStream<SideUpdate> items = catalog.union(users.getSideOutput(UserFeatureOperator.ITEM_SIGNALS))
                .keyBy(signal -> signal.itemKey, Types.LONG)
                .transform(
                        "item-features",
                        ItemFeatureOperator.type(),
                        new ItemFeatureOperator(
                                options.get(JobOptions.ITEM_INTERVAL), options.get(JobOptions.SESSION_TTL)))
                .uid("item-features");

        DataStream<SideUpdate> campaigns = definedCampaigns
                .union(users.getSideOutput(UserFeatureOperator.CAMPAIGN_SIGNALS))
                .keyBy(signal -> signal.campaignKey, Types.LONG)
                .transform(
                        "campaign-features",
                        ItemFeatureOperator.type(),
                        new CampaignFeatureOperator(options.get(JobOptions.ITEM_INTERVAL)))
                .uid("campaign-features");

        SingleOutputStreamOperator<OutputRecord> scored = users.keyBy(task -> task.userId, Types.STRING)
                .connect(items.union(campaigns, releasesInForce).broadcast())
                .transform("scoring", OutputRecord.TYPE, new ScoringOperator(models, scoring))
                .uid("scoring")
                .slotSharingGroup("scoring");

        SingleOutputStreamOperator<OutputRecord> examples = scored.getSideOutput(ScoringOutputs.LISTS)
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

        DataStream<OutputRecord> guarded = signals(
                        examples.getSideOutput(FeedbackJoin.OUTCOMES), "outcomes", GuardSignal::of)
                .union(
                        signals(scored.getSideOutput(ScoringOutputs.HEALTH), "health", GuardSignal::of),
                        signals(releasesInForce, "releases", GuardSignal::of))
                .transform("release-guard", OutputRecord.TYPE, new ReleaseGuardOperator(options.guard()))
                .uid("release-guard")
                .forceNonParallel();

        DataStream<OutputRecord> deadLetters = events.getSideOutput(SplitDeadLetters.DEAD_LETTERS)
                .union(
                        requests.getSideOutput(SplitDeadLetters.DEAD_LETTERS),
                        catalog.getSideOutput(SplitDeadLetters.DEAD_LETTERS),
                        definedCampaigns.getSideOutput(SplitDeadLetters.DEAD_LETTERS),
                        releases.getSideOutput(SplitDeadLetters.DEAD_LETTERS));
        return new Outputs(
                scored,
                scored.getSideOutput(ScoringOutputs.RESPONSES),
                examples,
                scored.getSideOutput(ScoringOutputs.ALERTS),
                guarded,
                deadLetters);
    }

    /** What the guard of releases hears, each of its own kind. */
    private static <T> DataStream<GuardSignal> signals(
            DataStream<T> seen, String name, MapFunction<T, GuardSignal> signal) {
        String uid = "release-guard-" + name;
        return seen.map(signal, GuardSignal.TYPE).name(uid).uid(uid);
    }

    static <T> SingleOutputStreamOperator<T> split(
            DataStream<Decoded<T>> decoded, Topic topic, TopicDeserializer<T> deserializer) {
        String name = topic.shortName() + "-valid";
        TypeInformation<T> type = deserializer.valueType();
        return decoded.process(new SplitDeadLetters<T>(), type).name(name).uid(name);
    }

    private static void toKafka(Outputs outputs, JobOptions options) {
        KafkaEndpoints kafka = new KafkaEndpoints(options, NAME);
        SinkNames names = options.sinkNames();
        sink(outputs.recommendations(), kafka.guaranteed("recommendations"), "recommendations", names);
        sink(outputs.responses(), kafka.atLeastOnce(), "recommendation-responses", names);
        sink(outputs.examples(), kafka.guaranteed("training-examples"), "training-examples", names);
        sink(outputs.alerts(), kafka.atLeastOnce(), "alerts", names);
        sink(outputs.guarded(), kafka.atLeastOnce(), "release-guard", names);
        sink(outputs.deadLetters(), kafka.guaranteed("dead-letters"), "dead-letters", names);
    }

    private static void sink(DataStream<OutputRecord> records, Sink<OutputRecord> sink, String name, SinkNames names) {
        records.sinkTo(sink).name(name + "-sink").uid(names.uid(name));
    }
}
