package dev.rebound.deploy.control.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetSyncsTest {
    private static final TopicPartition PARTITION = new TopicPartition("rebound.events", 1);

    private final OffsetSyncs syncs = new OffsetSyncs();

    @Test
    void anOffsetIsTranslatedByTheGreatestEntryAtOrBelowIt() {
        syncs.add(PARTITION, 100, 90);
        syncs.add(PARTITION, 200, 195);

        assertThat(syncs.translate(PARTITION, 99)).isEmpty();
        assertThat(syncs.translate(PARTITION, 100)).hasValue(90);
        assertThat(syncs.translate(PARTITION, 199)).hasValue(90);
        assertThat(syncs.translate(PARTITION, 1_000)).hasValue(195);
        assertThat(syncs.translate(new TopicPartition("rebound.events", 2), 100))
                .isEmpty();
    }

    @Test
    void whatWasNotedOfATopicThatWasMadeAnewIsVoid() {
        syncs.add(PARTITION, 100, 90);
        syncs.add(PARTITION, 200, 190);
        syncs.add(PARTITION, 300, 10);

        assertThat(syncs.of(PARTITION)).isEqualTo(Map.of(300L, 10L));

        syncs.add(PARTITION, 5, 20);

        assertThat(syncs.of(PARTITION)).isEqualTo(Map.of(5L, 20L));
    }
}
