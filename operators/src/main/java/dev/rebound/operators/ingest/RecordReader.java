package dev.rebound.operators.ingest;

import dev.rebound.schemas.UndecodableRecordException;
import java.io.Serializable;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes the value of a stream out of a Kafka record. Owned by one source task; the value may be one instance that is
 * overwritten by the next call.
 */
interface RecordReader<T> extends Serializable {
    /** Called once in the task, before the first record. */
    void open();

    T read(ConsumerRecord<byte[], byte[]> record) throws UndecodableRecordException, InvalidRecordException;
}
