package dev.rebound.jobs;

import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.InputWatermarks;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.model.ModelOpener;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.output.TransactionDeadline;
import dev.rebound.operators.output.WrittenBefore;
import dev.rebound.operators.scoring.ScoringOutputs;
import dev.rebound.operators.scoring.ScoringSettings;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.Topic;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Behaviour events and requests in, scored recommendations out.
 *
 * <pre>
 * behaviour-events ---------+--------------------------------------------------- feedback (by user) -- training-examples
 * recommendation-requests --+-- user-features (by user) -------------+             ^
 *                                  |                                 |             |
 *                                  +------------+                    |             |
 *                                  v            |                    v             |
 * catalog-updates ----- item-features (by item) | =============== scoring ---------+-- recommendations, user-profiles;
 *                                               v                  ^ ^                 responses, alerts
 * campaigns ------------------ campaign-features (by campaign) ====+ |
 * model-releases ====================================================+
 * feedback, scoring, model-releases -- release-guard (one) -- model-reports, release-decisions, model-releases, alerts
 * (=== is broadcast; what cannot be read goes to dead-letters)
 * </pre>
 */
public final class RecommendationJob {
    /** Part of uids and transactional ids: a savepoint knows it. */
    static final String NAME = "recommendation";

    /** As Flink shows it. */
    public static final String JOB_NAME = "rebound-" + NAME;

    /** As Flink shows one whose outputs are thrown away, see {@link JobOptions#REHEARSAL}. */
    public static final String REHEARSAL_NAME = "rebound-rehearsal";

    private RecommendationJob() {}

    public static void main(String[] args) throws Exception {
        JobOptions options = JobOptions.parse(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, options);
        env.execute(options.get(JobOptions.REHEARSAL) ? REHEARSAL_NAME : JOB_NAME);
    }

    /** Lays the dataflow from Kafka to Kafka. */
    public static void build(StreamExecutionEnvironment env, JobOptions options) {
        build(env, options, options.scoring(), options.models());
    }

    /** The same with a scoring of the caller's. */
    public static void build(
            StreamExecutionEnvironment env, JobOptions options, ScoringSettings scoring, ModelOpener models) {
        configure(env, options);
        KafkaEndpoints kafka = new KafkaEndpoints(options, NAME);
        Inputs inputs = fromKafka(env, kafka, options);
        Outputs outputs = connect(inputs, options, scoring, models);
        if (options.get(JobOptions.REHEARSAL)) {
            throwAway(outputs);
        } else {
            toKafka(outputs, kafka, options);
        }
    }

    /** What goes in, each element decoded or a dead letter. */
    record Inputs(
            DataStream<Decoded<UserSignal>> events,
            DataStream<Decoded<UserSignal>> requests,
            DataStream<Decoded<ItemSignal>> catalog,
            DataStream<Decoded<CampaignSignal>> campaigns,
            DataStream<Decoded<ModelRelease>> releases) {}

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

    private static Inputs fromKafka(StreamExecutionEnvironment env, KafkaEndpoints kafka, JobOptions options) {
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
                .uid(kafka.sourceUid(topic));
    }

    private static WatermarkStrategy<Decoded<UserSignal>> eventTime(JobOptions options) {
        return InputWatermarks.strategy(options.get(JobOptions.OUT_OF_ORDERNESS), options.get(JobOptions.IDLENESS));
    }

    /** The dataflow between sources and sinks. */
    static Outputs connect(Inputs inputs, JobOptions options, ScoringSettings settings, ModelOpener models) {
        RecommendationStages stages = new RecommendationStages(options);
        var events = RecommendationStages.valid(
                inputs.events(), Topic.BEHAVIOUR_EVENTS, TopicDeserializer.behaviourEvents());
        var requests = RecommendationStages.valid(
                inputs.requests(), Topic.RECOMMENDATION_REQUESTS, TopicDeserializer.requests());
        var catalog = RecommendationStages.valid(inputs.catalog(), Topic.CATALOG_UPDATES, TopicDeserializer.catalog());
        var defined = RecommendationStages.valid(inputs.campaigns(), Topic.CAMPAIGNS, TopicDeserializer.campaigns());
        var announced =
                RecommendationStages.valid(inputs.releases(), Topic.MODEL_RELEASES, TopicDeserializer.releases());

        var users = stages.userFeatures(events, requests);
        var items = stages.itemFeatures(catalog, users);
        var campaigns = stages.campaignFeatures(defined, users);
        var releases = stages.releasesInForce(announced);
        var scored = stages.scoring(users, items, campaigns, releases, settings, models);
        var examples = stages.feedback(scored, events);
        var guarded = stages.releaseGuard(examples, scored, releases);

        return new Outputs(
                scored,
                scored.getSideOutput(ScoringOutputs.RESPONSES),
                examples,
                scored.getSideOutput(ScoringOutputs.ALERTS),
                guarded,
                RecommendationStages.deadLetters(events, requests, catalog, defined, announced));
    }

    private static void throwAway(Outputs outputs) {
        SinkNames names = new SinkNames(0);
        sink(outputs.recommendations(), new DiscardingSink<>(), "no-recommendations", names);
        sink(outputs.responses(), new DiscardingSink<>(), "no-responses", names);
        sink(outputs.examples(), new DiscardingSink<>(), "no-training-examples", names);
        sink(outputs.alerts(), new DiscardingSink<>(), "no-alerts", names);
        sink(outputs.guarded(), new DiscardingSink<>(), "no-decisions", names);
        sink(outputs.deadLetters(), new DiscardingSink<>(), "no-dead-letters", names);
    }

    private static void toKafka(Outputs outputs, KafkaEndpoints kafka, JobOptions options) {
        SinkNames names = options.sinkNames();
        sink(
                inTime(notAgain(outputs.recommendations(), "recommendations", options), options),
                kafka.guaranteed("recommendations"),
                "recommendations",
                names);
        sink(outputs.responses(), kafka.atLeastOnce(), "recommendation-responses", names);
        sink(
                notAgain(outputs.examples(), "training-examples", options),
                kafka.guaranteed("training-examples"),
                "training-examples",
                names);
        sink(outputs.alerts(), kafka.atLeastOnce(), "alerts", names);
        sink(outputs.guarded(), kafka.atLeastOnce(), "release-guard", names);
        sink(
                notAgain(outputs.deadLetters(), "dead-letters", options),
                kafka.guaranteed("dead-letters"),
                "dead-letters",
                names);
    }

    /** Without what another site's job wrote already. */
    private static DataStream<OutputRecord> notAgain(
            DataStream<OutputRecord> records, String output, JobOptions options) {
        String ids = options.get(JobOptions.WRITTEN_BEFORE);
        if (ids.isBlank()) {
            return records;
        }
        String name = "written-before-" + output;
        return records.filter(new WrittenBefore(ids)).name(name).uid(name);
    }

    /** One sink's deadline is that of all: their transactions begin with the same barriers, and a failure ends the whole job. */
    private static DataStream<OutputRecord> inTime(DataStream<OutputRecord> records, JobOptions options) {
        if (options.get(JobOptions.DELIVERY_GUARANTEE) != DeliveryGuarantee.EXACTLY_ONCE) {
            return records;
        }
        return records.transform(
                        "transaction-deadline",
                        OutputRecord.TYPE,
                        new TransactionDeadline(options.get(JobOptions.TRANSACTION_TIMEOUT)))
                .uid("transaction-deadline");
    }

    private static void sink(DataStream<OutputRecord> records, Sink<OutputRecord> sink, String name, SinkNames names) {
        records.sinkTo(sink).name(name + "-sink").uid(names.uid(name));
    }
}
