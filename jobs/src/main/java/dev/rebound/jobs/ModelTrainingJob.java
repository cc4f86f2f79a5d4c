package dev.rebound.jobs;

import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.retraining.ExampleSignal;
import dev.rebound.operators.retraining.RetrainingOperator;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.Topic;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Labelled examples in, the next version of the LIVE model out, where it is better.
 *
 * <pre>
 * training-examples -- retraining (by user, one task) -- model-releases, alerts
 *                          ^
 * model-releases ==========+
 * (=== is broadcast; what cannot be read goes to dead-letters)
 * </pre>
 */
public final class ModelTrainingJob {
    /** Part of uids and transactional ids: a savepoint knows it. */
    static final String NAME = "model-training";

    /** The job's name in Flink. */
    public static final String JOB_NAME = "rebound-" + NAME;

    private ModelTrainingJob() {}

    public static void main(String[] args) throws Exception {
        TrainingOptions options = TrainingOptions.parse(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, options);
        env.execute(JOB_NAME);
    }

    /** Lays the dataflow from Kafka to Kafka. */
    public static void build(StreamExecutionEnvironment env, TrainingOptions options) {
        configure(env, options);
        KafkaEndpoints kafka = new KafkaEndpoints(options.shared(), NAME);
        DataStream<OutputRecord> outputs = connect(
                source(env, kafka, Topic.TRAINING_EXAMPLES, TopicDeserializer.examples()),
                source(env, kafka, Topic.MODEL_RELEASES, TopicDeserializer.releases()),
                options);
        outputs.sinkTo(kafka.exactlyOnce("outputs"))
                .name("outputs-sink")
                .uid(options.shared().sinkNames().uid("outputs"));
    }

    static void configure(StreamExecutionEnvironment env, TrainingOptions options) {
        RecommendationJob.configure(env, options.shared());
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GLOBAL_JOB_PARAMETERS, options.toMap());
        env.configure(configuration);
    }

    private static <T> DataStream<Decoded<T>> source(
            StreamExecutionEnvironment env, KafkaEndpoints kafka, Topic topic, TopicDeserializer<T> deserializer) {
        // Time is in the examples themselves, which are put into its order for each training: none passes here.
        return env.fromSource(kafka.source(topic, deserializer), WatermarkStrategy.noWatermarks(), topic.shortName())
                .uid(kafka.sourceUid(topic));
    }

    /** The dataflow between sources and sinks. */
    static DataStream<OutputRecord> connect(
            DataStream<Decoded<ExampleSignal>> decodedExamples,
            DataStream<Decoded<ModelRelease>> decodedReleases,
            TrainingOptions options) {
        var examples =
                RecommendationStages.valid(decodedExamples, Topic.TRAINING_EXAMPLES, TopicDeserializer.examples());
        var releases = RecommendationStages.valid(decodedReleases, Topic.MODEL_RELEASES, TopicDeserializer.releases());

        SingleOutputStreamOperator<OutputRecord> trained = examples.keyBy(example -> example.userId, Types.STRING)
                .connect(releases.broadcast())
                .transform(
                        "retraining", OutputRecord.TYPE, new RetrainingOperator(options.settings(), options.trainer()))
                .uid("retraining")
                .forceNonParallel();

        return trained.union(RecommendationStages.deadLetters(examples, releases));
    }
}
