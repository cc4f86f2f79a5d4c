package dev.rebound.operators.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema.KafkaSinkContext;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicSerializerTest {
    private TopicSerializer serializer;

    /** As it comes to a task. */
    @BeforeEach
    void open() throws Exception {
        serializer = InstantiationUtil.clone(new TopicSerializer("p.", 7));
        serializer.open(null, null);
    }

    private static OutputRecord record(long id) {
        return new OutputRecord(Topic.RECOMMENDATIONS, new byte[] {1}, new byte[] {2}, 3, id);
    }

    private String headers(long id) {
        ProducerRecord<byte[], byte[]> record = serializer.serialize(record(id), null, null);
        return Arrays.stream(record.headers().toArray())
                .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.US_ASCII))
                .toList()
                .toString();
    }

    @Test
    void aRecordGoesToItsTopicWithItsTime() {
        ProducerRecord<byte[], byte[]> record = serializer.serialize(record(0), null, null);

        assertThat(record.topic()).isEqualTo("p.recommendations");
        assertThat(record.timestamp()).isEqualTo(3);
        assertThat(record.key()).containsExactly(1);
        assertThat(record.value()).containsExactly(2);
    }

    @Test
    void everyRecordTellsTheEpochAndWhatHasAnIdThatAsWell() {
        assertThat(headers(OutputRecord.NO_ID)).isEqualTo("[rebound-site-epoch=7]");
        assertThat(headers(0xAB)).isEqualTo("[rebound-site-epoch=7, rebound-id=00000000000000ab]");
        assertThat(headers(OutputRecord.NO_ID)).isEqualTo("[rebound-site-epoch=7]");
    }

    @Test
    void aRecordGoesToThePartitionThatItNamesIfItIsThere() {
        KafkaSinkContext three = new KafkaSinkContext() {
            @Override
            public int getParallelInstanceId() {
                return 0;
            }

            @Override
            public int getNumberOfParallelInstances() {
                return 1;
            }

            @Override
            public int[] getPartitionsForTopic(String topic) {
                return new int[] {0, 1, 2};
            }
        };

        assertThat(serializer.serialize(record(0).to(2), three, null).partition())
                .isEqualTo(2);
        assertThat(serializer.serialize(record(0).to(3), three, null).partition())
                .as("one that is not there would be waited for in vain, again and again")
                .isNull();
        assertThat(serializer.serialize(record(0), three, null).partition()).isNull();
    }

    @Test
    void theIdStaysWithARecordBetweenTasks() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        new OutputRecord.Serializer().serialize(record(-5).to(2), out);

        OutputRecord read = new OutputRecord.Serializer().deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(read.id()).isEqualTo(-5);
        assertThat(read.partition()).isEqualTo(2);
        assertThat(read.timestampMillis()).isEqualTo(3);
    }
}
