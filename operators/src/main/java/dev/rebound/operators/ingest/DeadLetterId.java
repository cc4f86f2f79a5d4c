package dev.rebound.operators.ingest;

import dev.rebound.operators.item.ItemKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * By what a dead letter is known on whichever site it is made: what a mirror keeps of its record, which the offset is not.
 * The time tells apart records whose bytes are the same.
 */
final class DeadLetterId {
    private DeadLetterId() {}

    /** @param key as the dead letter has it: a pseudonym where those are on */
    static long of(ConsumerRecord<byte[], byte[]> record, @Nullable ByteBuffer key) {
        byte[] value = record.value();
        return ItemKey.of(String.join(
                "\n",
                record.topic(),
                Long.toString(record.timestamp()),
                key == null ? "" : StandardCharsets.ISO_8859_1.decode(key.duplicate()),
                value == null ? "" : new String(value, StandardCharsets.ISO_8859_1)));
    }
}
