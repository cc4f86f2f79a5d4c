package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JobOptionsTest {

    @Test
    void whatIsNotGivenHasItsDefault() {
        JobOptions options = JobOptions.parse("--kafka.bootstrap-servers", "b:1", "--dedup.window", "2 h");

        assertThat(options.get(JobOptions.DEDUP_WINDOW)).isEqualTo(Duration.ofHours(2));
        assertThat(options.get(JobOptions.TOPIC_PREFIX)).isEqualTo("rebound.");
        assertThat(options.scoring().batchSize()).isEqualTo(64);
    }

    @Test
    void everyMistakeIsNamedAtOnceWithWhatIsAllowed() {
        assertThatThrownBy(() -> JobOptions.parse(
                        "--scoring.batch-size", "0", "--site.name", "Main Site", "--scoring.device", "tpu"))
                .hasMessageContaining("--kafka.bootstrap-servers is missing")
                .hasMessageContaining("--scoring.batch-size 0 is not between 1 and 4096")
                .hasMessageContaining("--site.name Main Site")
                .hasMessageContaining("--scoring.device tpu");
    }

    @Test
    void anUnknownOptionAndAnUnreadableValueAreRefused() {
        assertThatThrownBy(() -> JobOptions.parse(
                        "--kafka.bootstrap-servers", "b:1", "--dedup.windw", "1 h", "--scoring.candidates", "many"))
                .hasMessageContaining("--dedup.windw is not an option")
                .hasMessageContaining("--scoring.candidates many cannot be read");
    }

    @Test
    void everyOptionIsDescribed() {
        assertThat(JobOptions.all())
                .allSatisfy(option ->
                        assertThat(option.description()).as(option.key()).isNotNull());
    }
}
