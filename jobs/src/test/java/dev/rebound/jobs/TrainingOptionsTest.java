package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingOptionsTest {

    @Test
    void whatIsNotGivenHasItsDefaultAndAGroupOfItsOwn() {
        TrainingOptions options =
                TrainingOptions.parse("--kafka.bootstrap-servers", "b:1", "--training.interval", "2 h");

        assertThat(options.settings().interval()).isEqualTo(Duration.ofHours(2));
        assertThat(options.settings().model()).isEqualTo("ranker");
        assertThat(options.settings().canaryPercent()).as("a SHADOW").isZero();
        assertThat(options.trainer().heap()).isEqualTo("1024m");
        assertThat(options.shared().get(JobOptions.GROUP_ID)).isEqualTo("rebound-model-training");
    }

    @Test
    void kafkaIsReachedByTheFileOfTheOtherJobs(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("client.properties"), "bootstrap.servers=x:1");

        TrainingOptions options = TrainingOptions.parse("--kafka.properties-file", file.toString());

        assertThat(options.shared().kafka().bootstrapServers()).isEqualTo("x:1");
    }

    @Test
    void aCanaryHasItsShare() {
        TrainingOptions options = TrainingOptions.parse(
                "--kafka.bootstrap-servers",
                "b:1",
                "--training.release-stage",
                "CANARY",
                "--training.canary-percent",
                "10");

        assertThat(options.settings().canaryPercent()).isEqualTo(10);
    }

    @Test
    void everyMistakeIsNamedAtOnceWithWhatIsAllowed() {
        assertThatThrownBy(() -> TrainingOptions.parse(
                        "--training.slice-examples",
                        "200",
                        "--training.compared-share",
                        "0",
                        "--training.release-stage",
                        "LIVE",
                        "--training.heap",
                        "1 mb",
                        "--training.timeout",
                        "0 s"))
                .hasMessageContaining("--kafka.bootstrap-servers is missing")
                .hasMessageContaining("--training.least-examples 5000 is not between 100 and 200")
                .hasMessageContaining("--training.compared-share 0.0 is not between 0.05 and 0.9")
                .hasMessageContaining("--training.release-stage LIVE is neither SHADOW nor CANARY")
                .hasMessageContaining("--training.heap")
                .hasMessageContaining("--training.timeout PT0S must be longer than nothing");
    }

    @Test
    void anOptionOfAnotherJobIsRefused() {
        assertThatThrownBy(() -> TrainingOptions.parse(
                        "--kafka.bootstrap-servers", "b:1", "--scoring.batch-size", "8", "--training.threads", "all"))
                .hasMessageContaining("--scoring.batch-size is not an option")
                .hasMessageContaining("--training.threads all cannot be read");
    }
}
