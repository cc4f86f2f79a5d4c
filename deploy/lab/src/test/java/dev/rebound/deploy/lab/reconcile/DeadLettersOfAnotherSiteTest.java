package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.RecordCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** After a take-over the topic holds letters of the primary, whose offsets are of its own log. */
class DeadLettersOfAnotherSiteTest {
    private static final byte[] POISON = {1, 2, 3};
    private static final byte[] OTHER_POISON = {4, 5, 6};

    private final Expectation expected = new Expectation(Records.termsOfEpoch(2), UserNames.plain());
    private final ObservedOutput actual = new ObservedOutput();

    @Test
    void aLetterOfThePrimaryIsKnownByItsBytes() {
        expected.event(at(9, POISON));
        actual.deadLetter(letter(1, 7, POISON));

        assertThat(findings()).isEmpty();
    }

    @Test
    void oneOfOtherBytesIsNone() {
        expected.event(at(9, POISON));
        actual.deadLetter(letter(1, 9, OTHER_POISON));

        assertThat(findings()).anyMatch(finding -> finding.contains("in-0@9 (UNDECODABLE) has 0 dead letters"));
    }

    @Test
    void oneLetterIsNotEnoughForTwoRecords() {
        expected.event(at(8, POISON));
        expected.event(at(9, POISON));
        actual.deadLetter(letter(1, 7, POISON));

        assertThat(findings()).singleElement().asString().startsWith("1 dead letters are wrong");
    }

    @Test
    void oneThatTheStandbyWroteAgainIsFound() {
        expected.event(at(9, POISON));
        actual.deadLetter(letter(1, 7, POISON));
        actual.deadLetter(letter(2, 9, POISON));

        assertThat(findings()).anyMatch(finding -> finding.contains("has a dead letter of epoch 1 beside"));
    }

    @Test
    void thatOfARecordThatDidNotArriveIsNotJudged() {
        actual.deadLetter(letter(1, 7, POISON));

        assertThat(findings()).isEmpty();
    }

    private List<String> findings() {
        List<String> findings = new ArrayList<>();
        new DeadLetterCheck(expected, actual).run(findings);
        return findings;
    }

    private static ConsumerRecord<byte[], byte[]> letter(long epoch, long offset, byte[] bytes) {
        ConsumerRecord<byte[], byte[]> record = at(RecordCodec.of(DeadLetter.class)
                .encode(DeadLetter.newBuilder()
                        .setTopic("in")
                        .setPartition(0)
                        .setOffset(offset)
                        .setReason(DeadLetterReason.UNDECODABLE)
                        .setMessage("")
                        .setBytes(ByteBuffer.wrap(bytes))
                        .setSeenAt(Records.NOW)
                        .build()));
        record.headers().add(OutputHeaders.SITE_EPOCH, OutputHeaders.epoch(epoch));
        return record;
    }
}
