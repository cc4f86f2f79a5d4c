package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.schemas.Topic;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer.PartitionOffsetsRetriever;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartingOffsetsTest {
    private static final TopicPartition ZERO = new TopicPartition("p.campaigns", 0);
    private static final TopicPartition ONE = new TopicPartition("p.campaigns", 1);

    /** Partition 0 holds 10 to 20, partition 1 holds 110 to 120. */
    private static final PartitionOffsetsRetriever BROKER = new PartitionOffsetsRetriever() {
        @Override
        public Map<TopicPartition, Long> committedOffsets(Collection<TopicPartition> partitions) {
            throw new AssertionError("committed offsets may be newer than the state");
        }

        @Override
        public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
            return offsets(partitions, partition -> 20L + 100L * partition.partition());
        }

        @Override
        public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
            return offsets(partitions, partition -> 10L + 100L * partition.partition());
        }

        @Override
        public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            throw new AssertionError("nobody asks for times");
        }

        private static Map<TopicPartition, Long> offsets(
                Collection<TopicPartition> partitions, Function<TopicPartition, Long> offset) {
            return partitions.stream().collect(Collectors.toMap(Function.identity(), offset));
        }
    };

    private static Map<TopicPartition, Long> starts(String text) {
        OffsetsInitializer initializer = StartingOffsets.parse(text).of(Topic.CAMPAIGNS);
        return initializer.getPartitionOffsets(List.of(ZERO, ONE), BROKER);
    }

    @Test
    void namedPartitionsBeginWhereItIsSaidAndOthersAtTheirBeginning() {
        assertThat(starts("campaigns:1=115")).isEqualTo(Map.of(ZERO, 10L, ONE, 115L));
        assertThat(starts("campaigns:0=10,1=120")).isEqualTo(Map.of(ZERO, 10L, ONE, 120L));
        assertThat(starts("catalog-updates:0=15; behaviour-events:7=1")).isEqualTo(Map.of(ZERO, 10L, ONE, 110L));
        assertThat(starts("")).isEqualTo(Map.of(ZERO, 10L, ONE, 110L));
    }

    @ParameterizedTest
    @CsvSource({"9,what was before 10 is gone by its retention", "21,there are fewer records than where"})
    void anOffsetThatIsNotThereFailsWithItsPartitionAndRange(long offset, String why) {
        assertThatThrownBy(() -> starts("campaigns:0=" + offset))
                .hasMessageContaining("offset " + offset + " of p.campaigns-0, which holds 10 to 20: " + why);
    }

    @Test
    void aPartitionThatIsNotThereFails() {
        assertThatThrownBy(() -> starts("campaigns:2=0"))
                .hasMessageContaining("names partition 2 of p.campaigns, which has 2 partitions");
    }

    @Test
    void noPartitionsAtAllAreNoFailure() {
        assertThat(StartingOffsets.parse("campaigns:0=15").of(Topic.CAMPAIGNS).getPartitionOffsets(List.of(), BROKER))
                .isEmpty();
    }

    @Test
    @SuppressWarnings("deprecation") // the connector's interface speaks of it
    void aRestoredOffsetThatIsGoneIsNotSilentlyAnother() {
        assertThat(StartingOffsets.parse("campaigns:0=15").of(Topic.CAMPAIGNS).getAutoOffsetResetStrategy())
                .isEqualTo(OffsetResetStrategy.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "campaigns | 'campaigns' is not of the form topic:partition=offset",
                "campaigns:0=1; | '' is not of the form topic:partition=offset",
                "rebound.campaigns:0=1 | 'rebound.campaigns' is none of the topics that jobs read",
                "recommendations:0=1 | 'recommendations' is none of the topics that jobs read",
                "campaigns:0 | '0' of campaigns is not of the form partition=offset",
                "campaigns:0=x | '0=x' of campaigns is not of the form partition=offset",
                "campaigns:0=1,0=2 | partition 0 of campaigns is there twice",
                "campaigns:0=1;campaigns:1=2 | 'campaigns' is there twice",
                "campaigns:0=-1 | '0=-1' of campaigns has a number below 0",
            })
    void whatIsWrongWithTheTextIsNamed(String text, String problem) {
        assertThatThrownBy(() -> JobOptions.parse("--kafka.bootstrap-servers", "none:1", "--source.offsets", text))
                .hasMessageContaining("--source.offsets: " + problem);
    }
}
