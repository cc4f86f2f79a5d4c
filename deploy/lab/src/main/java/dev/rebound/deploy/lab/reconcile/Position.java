package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.DeadLetter;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a record stands. */
public record Position(String topic, int partition, long offset) {

    static Position of(ConsumerRecord<byte[], byte[]> record) {
        return new Position(record.topic(), record.partition(), record.offset());
    }

    static Position of(DeadLetter letter) {
        return new Position(letter.getTopic(), letter.getPartition(), letter.getOffset());
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
