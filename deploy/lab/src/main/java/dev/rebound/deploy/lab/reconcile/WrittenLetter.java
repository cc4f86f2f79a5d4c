package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.OutputHeaders;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it was written.
 *
 * @param epoch of the site that wrote it; 0 where it does not say
 * @param content a hash of the refused bytes
 */
record WrittenLetter(DeadLetterReason reason, long epoch, int content) {
    /** More of a value is not kept. */
    private static final int MOST_BYTES = 64 * 1024;

    static WrittenLetter of(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
        Header header = record.headers().lastHeader(OutputHeaders.SITE_EPOCH);
        ByteBuffer bytes = letter.getBytes();
        return new WrittenLetter(
                letter.getReason(),
                header == null ? 0 : OutputHeaders.epochOf(header.value()),
                bytes == null ? 0 : content(bytes));
    }

    private static int content(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Arrays.hashCode(copy);
    }

    /** The same of a record that must be refused. */
    static int content(byte @Nullable [] value) {
        return value == null
                ? 0
                : Arrays.hashCode(value.length > MOST_BYTES ? Arrays.copyOf(value, MOST_BYTES) : value);
    }

    /** Whether another site wrote it, which was taken over: the offset that it names is of another log. */
    boolean isOfAnotherSite(long jobsEpoch) {
        return epoch > 0 && epoch < jobsEpoch;
    }
}
