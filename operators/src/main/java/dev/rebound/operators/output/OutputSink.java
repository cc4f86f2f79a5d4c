package dev.rebound.operators.output;

import java.io.IOException;
import java.util.Collection;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * A {@link KafkaSink} without two flaws of the connector (5.0.0): it counts a transaction that a restored checkpoint commits a
 * second time as failed, see {@link RepeatedCommits}, and a broker's refusal ends the whole TaskManager, see
 * {@link TaskBoundWriter}.
 */
public final class OutputSink
        implements TwoPhaseCommittingStatefulSink<OutputRecord, KafkaWriterState, KafkaCommittable>,
                SupportsPostCommitTopology<KafkaCommittable> {
    private static final long serialVersionUID = 1L;

    private final KafkaSink<OutputRecord> kafka;
    private final Properties client;

    /**
     * @param kafka what is wrapped; its delivery guarantee stays as it is
     * @param client how to reach the brokers, for asking what became of a transaction
     */
    public OutputSink(KafkaSink<OutputRecord> kafka, Properties client) {
        this.kafka = kafka;
        this.client = client;
    }

    @Override
    public PrecommittingStatefulSinkWriter<OutputRecord, KafkaWriterState, KafkaCommittable> createWriter(
            WriterInitContext context) throws IOException {
        return new TaskBoundWriter<>(kafka.createWriter(context));
    }

    @Override
    public PrecommittingStatefulSinkWriter<OutputRecord, KafkaWriterState, KafkaCommittable> restoreWriter(
            WriterInitContext context, Collection<KafkaWriterState> recovered) throws IOException {
        return new TaskBoundWriter<>(kafka.restoreWriter(context, recovered));
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
        return new RepeatedCommits(kafka.createCommitter(context), new BrokerTransactions(client));
    }

    @Override
    public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
        return kafka.getWriterStateSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return kafka.getCommittableSerializer();
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committables) {
        kafka.addPostCommitTopology(committables);
    }
}
