package dev.rebound.jobs.bench;

import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.KafkaEndpoints;
import dev.rebound.jobs.RecommendationJob;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The floor: behaviour events from Kafka to Kafka exactly once, undecoded, with one keyed RocksDB read-modify-write of 1
 * KiB an event. What a pipeline of the same shape costs before it does anything.
 */
public final class PassThroughJob {
    private static final int STATE_BYTES = 1024;

    private PassThroughJob() {}

    public static void main(String[] args) throws Exception {
        JobOptions options = JobOptions.parse(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        RecommendationJob.configure(env, options);
        KafkaEndpoints kafka = new KafkaEndpoints(options, "pass-through");
        env.fromSource(source(options), WatermarkStrategy.noWatermarks(), "behaviour-events")
                .uid("behaviour-events")
                .keyBy(PassThroughJob::user, Types.STRING)
                .process(new ReadModifyWrite(), OutputRecord.TYPE)
                .name("read-modify-write")
                .uid("read-modify-write")
                .sinkTo(kafka.exactlyOnce("events"))
                .name("events-sink")
                .uid("events-sink");
        env.execute("rebound-pass-through");
    }

    private static KafkaSource<OutputRecord> source(JobOptions options) {
        return KafkaSource.<OutputRecord>builder()
                .setProperties(options.kafka().consumer())
                .setTopics(Topic.BEHAVIOUR_EVENTS.topicName(options.get(JobOptions.TOPIC_PREFIX)))
                .setGroupId(options.get(JobOptions.GROUP_ID))
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new Undecoded())
                .build();
    }

    private static String user(OutputRecord event) {
        return new String(event.key(), StandardCharsets.UTF_8);
    }

    /** Passes bytes on; records without a key or value have no user and are left out. */
    private static final class Undecoded implements KafkaRecordDeserializationSchema<OutputRecord> {
        private static final long serialVersionUID = 1L;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<OutputRecord> out) {
            if (record.key() != null && record.value() != null) {
                out.collect(new OutputRecord(Topic.RECOMMENDATIONS, record.key(), record.value(), record.timestamp()));
            }
        }

        @Override
        public TypeInformation<OutputRecord> getProducedType() {
            return OutputRecord.TYPE;
        }
    }

    private static final class ReadModifyWrite extends KeyedProcessFunction<String, OutputRecord, OutputRecord> {
        private static final long serialVersionUID = 1L;

        private transient ValueState<byte[]> state;

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext()
                    .getState(
                            new ValueStateDescriptor<>("bytes", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public void processElement(OutputRecord event, Context context, Collector<OutputRecord> out) throws Exception {
            byte[] bytes = state.value();
            if (bytes == null) {
                bytes = new byte[STATE_BYTES];
            }
            bytes[(int) (event.timestampMillis() & (STATE_BYTES - 1))]++;
            state.update(bytes);
            out.collect(event);
        }
    }
}
