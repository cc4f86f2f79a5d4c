package dev.rebound.deploy.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.lab.chaos.InputFault.Distortion;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DistortionTest {
    private static final List<FeedRecord> RECORDS = records();

    private final RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);

    private static List<FeedRecord> records() {
        try (Stream<FeedRecord> feed = ShopGenerator.of(1, 1_000).feed()) {
            return feed.limit(300).toList();
        }
    }

    @Test
    void duplicatesAreTheSameRecordsThreeTimes() {
        List<FeedRecord> distorted = Distortion.DUPLICATES.of(RECORDS, new SplittableRandom(1));

        assertThat(distorted).hasSize(3 * RECORDS.size());
        assertThat(distorted).containsAll(RECORDS);
        assertThat(RECORDS)
                .allSatisfy(record ->
                        assertThat(Collections.frequency(distorted, record)).isEqualTo(3));
    }

    @Test
    void reorderingLosesNothing() {
        List<FeedRecord> distorted = Distortion.REORDERING.of(RECORDS, new SplittableRandom(1));

        assertThat(distorted).containsExactlyInAnyOrderElementsOf(RECORDS).isNotEqualTo(RECORDS);
    }

    @Test
    void poisonSpoilsEventsAloneAndNotAllOfThem() {
        List<FeedRecord> distorted = Distortion.POISON.of(RECORDS, new SplittableRandom(1));

        long before = RECORDS.stream().filter(this::isReadable).count();
        long after = distorted.stream().filter(this::isReadable).count();
        assertThat(after).isBetween(before / 4, before * 3 / 4);
        assertThat(distorted)
                .filteredOn(record -> record.topic() != Topic.BEHAVIOUR_EVENTS)
                .isNotEmpty();
        for (int i = 0; i < RECORDS.size(); i++) {
            if (RECORDS.get(i).topic() != Topic.BEHAVIOUR_EVENTS) {
                assertThat(distorted.get(i)).isSameAs(RECORDS.get(i));
            }
        }
    }

    @Test
    void theClockJumpsByAMonth() throws UndecodableRecordException {
        List<FeedRecord> distorted = Distortion.CLOCK_JUMP.of(RECORDS, new SplittableRandom(1));

        for (int i = 0; i < RECORDS.size(); i++) {
            if (isReadable(RECORDS.get(i))) {
                long before = codec.decode(RECORDS.get(i).value(), null).getEventTime();
                long after = codec.decode(distorted.get(i).value(), null).getEventTime();
                assertThat(after - before).isEqualTo(Duration.ofDays(30).toMillis());
            }
        }
    }

    private boolean isReadable(FeedRecord record) {
        if (record.topic() != Topic.BEHAVIOUR_EVENTS) {
            return false;
        }
        try {
            codec.decode(record.value(), null);
            return true;
        } catch (UndecodableRecordException e) {
            return false;
        }
    }
}
