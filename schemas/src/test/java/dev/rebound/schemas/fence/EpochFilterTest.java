package dev.rebound.schemas.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.Cut;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.SiteEpoch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class EpochFilterTest {
    private static final String TOPIC = "rebound.recommendations";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);

    private final EpochFilter filter = new EpochFilter();

    private static ConsumerRecord<byte[], byte[]> withoutHeader(int partition, long offset) {
        return new ConsumerRecord<>(TOPIC, partition, offset, new byte[0], new byte[0]);
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, String epoch) {
        ConsumerRecord<byte[], byte[]> record = withoutHeader(partition, offset);
        record.headers().add(OutputHeaders.SITE_EPOCH, epoch.getBytes(StandardCharsets.US_ASCII));
        return record;
    }

    private static SiteEpoch epoch(long epoch, long cut) {
        return new SiteEpoch(epoch, "b", 0L, "somebody", List.of(new Cut(TOPIC, 0, cut)));
    }

    @Test
    void afterTheFirstOfAHigherEpochNoneOfALowerOneCountsInThatPartition() {
        assertThat(filter.accept(record(0, 1, "1"))).isTrue();
        assertThat(filter.accept(record(0, 2, "2"))).isTrue();
        assertThat(filter.accept(record(0, 3, "1"))).isFalse();
        assertThat(filter.accept(record(0, 4, "2"))).isTrue();
        assertThat(filter.accept(record(1, 1, "1"))).isTrue();
    }

    @Test
    void whatIsRefusedIsCountedAndTheFirstIsNamed() {
        filter.accept(record(0, 1, "3"));
        filter.accept(record(0, 2, "2"));
        filter.accept(record(0, 3, "1"));

        assertThat(filter.refused()).isEqualTo(2);
        assertThat(filter.firstRefusal()).contains(new EpochFilter.Refusal(TOPIC, 0, 2, 2, 3));
        assertThat(filter.firstRefusal().orElseThrow())
                .hasToString("rebound.recommendations-0@2 is of epoch 2, where 3 is the highest");
    }

    @Test
    void aRecordWithoutTheHeaderCountsOnlyBeforeAnyWithOne() {
        assertThat(filter.accept(withoutHeader(0, 1))).isTrue();
        filter.accept(record(0, 2, "1"));

        assertThat(filter.accept(withoutHeader(0, 3))).isFalse();
        assertThat(filter.highest()).isEqualTo(Map.of(FIRST, 1L));
    }

    @Test
    void aHeaderThatIsNoNumberIsRefusedAndChangesNothing() {
        assertThat(filter.accept(record(0, 1, "seven"))).isFalse();
        assertThat(filter.accept(withoutHeader(0, 2))).isTrue();
        assertThat(filter.firstRefusal().orElseThrow())
                .hasToString("rebound.recommendations-0@1 has a header rebound-site-epoch that is no number,"
                        + " where 0 is the highest");
    }

    @Test
    void aFenceRefusesLowerEpochsFromItsCutOnBeforeAnyOfTheNewOneWasSeen() {
        EpochFilter fenced = EpochFilter.of(List.of(epoch(2, 10)));

        assertThat(fenced.accept(record(0, 9, "1"))).isTrue();
        assertThat(fenced.accept(record(0, 10, "1"))).isFalse();
        assertThat(fenced.accept(withoutHeader(0, 11))).isFalse();
        assertThat(fenced.accept(record(0, 12, "2"))).isTrue();
        assertThat(fenced.accept(record(1, 10, "1"))).isTrue();
    }

    @Test
    void ofSeveralFencesTheHighestEpochAtOrBeforeTheOffsetCounts() {
        EpochFilter fenced = EpochFilter.of(List.of(epoch(3, 20), epoch(2, 10)));

        assertThat(fenced.accept(record(0, 15, "1"))).isFalse();
        assertThat(fenced.accept(record(0, 15, "2"))).isTrue();
        assertThat(fenced.accept(record(0, 20, "2"))).isFalse();
        assertThat(fenced.accept(record(0, 21, "3"))).isTrue();
    }

    @Test
    void aReaderThatStartsAgainGoesOnWithWhatItHadSeen() {
        filter.accept(record(0, 1, "2"));

        EpochFilter again = new EpochFilter().restore(filter.highest());

        assertThat(again.accept(record(0, 2, "1"))).isFalse();
        assertThat(again.accept(record(1, 2, "1"))).isTrue();
    }

    @Test
    void whatAFencedReaderSawIsKeptWithoutTheFence() {
        EpochFilter fenced = EpochFilter.of(List.of(epoch(2, 10)));
        fenced.accept(record(0, 10, "2"));

        assertThat(fenced.highest()).isEqualTo(Map.of(FIRST, 2L));
    }
}
