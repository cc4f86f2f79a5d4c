package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.operators.ranking.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                        "--scoring.batch-size",
                        "0",
                        "--site.name",
                        "Main Site",
                        "--scoring.device",
                        "tpu",
                        "--kafka.delivery-guarantee",
                        "none"))
                .hasMessageContaining("--kafka.bootstrap-servers is missing")
                .hasMessageContaining("--scoring.batch-size 0 is not between 1 and 4096")
                .hasMessageContaining("--site.name Main Site")
                .hasMessageContaining("--scoring.device tpu")
                .hasMessageContaining("--kafka.delivery-guarantee none would lose records");
    }

    @Test
    void aFileOfPropertiesMayNameTheBrokersAndOnlyItsPathIsShown(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("p"), "bootstrap.servers=x:1\nssl.key.password=s3cret");
        JobOptions options = JobOptions.parse("--kafka.properties-file", file.toString());

        assertThat(options.kafka().bootstrapServers()).isEqualTo("x:1");
        assertThat(options.toMap()).containsOnly(Map.entry("kafka.properties-file", file.toString()));
    }

    @Test
    void anUnknownOptionAndAnUnreadableValueAreRefused() {
        assertThatThrownBy(() -> JobOptions.parse(
                        "--kafka.bootstrap-servers", "b:1", "--dedup.windw", "1 h", "--scoring.candidates", "many"))
                .hasMessageContaining("--dedup.windw is not an option")
                .hasMessageContaining("--scoring.candidates many cannot be read");
    }

    @Test
    void everyMistakeInTheShopsRulesIsNamed() {
        assertThatThrownBy(() -> JobOptions.parse(
                        "--kafka.bootstrap-servers",
                        "b:1",
                        "--ranking.exclude",
                        "colour:red;category:toys",
                        "--ranking.boost",
                        "brand:acme",
                        "--ranking.diversity",
                        "1",
                        "--ranking.exploration",
                        "0.9",
                        "--ranking.shown-window",
                        "0 s"))
                .hasMessageContaining("--ranking.exclude 'colour:red' names nothing; allowed are category:NAME")
                .hasMessageContaining("--ranking.boost 'brand:acme' has no factor")
                .hasMessageContaining("--ranking.diversity 1.0 is not between 0 and 0.99")
                .hasMessageContaining("--ranking.exploration 0.9 is not between 0 and 0.5")
                .hasMessageContaining("--ranking.shown-window");
    }

    @Test
    void rulesReachThePolicy() {
        PolicySettings policy = JobOptions.parse(
                        "--kafka.bootstrap-servers",
                        "b:1",
                        "--ranking.exclude",
                        "category:toys;item:i7",
                        "--ranking.boost",
                        "brand:acme=1.5",
                        "--ranking.shown-cap",
                        "3")
                .policy();

        assertThat(policy.rules().exclude()).hasSize(2);
        assertThat(policy.rules().boost().get(0).factor()).isEqualTo(1.5f);
        assertThat(policy.shownCap()).isEqualTo(3);
    }

    @Test
    void theShortFormOfAPolicyLeavesTheRestOff() {
        PolicySettings policy = PolicyOptions.parse("diversity=0.4,boost=category:a=2");

        assertThat(policy)
                .isEqualTo(PolicySettings.BY_SCORE
                        .withDiversity(0.4f)
                        .withMaxPerCategory(10)
                        .withRules(policy.rules()));
        assertThat(policy.rules().boost()).hasSize(1);
        assertThatThrownBy(() -> PolicyOptions.parse("variety=1")).hasMessageContaining("'variety=1' is not an option");
        assertThatThrownBy(() -> PolicyOptions.parse("diversity=2")).hasMessageContaining("not between");
        assertThatThrownBy(() -> PolicyOptions.parse("diversity=much")).hasMessageContaining("cannot be read");
    }

    @Test
    void everyOptionIsDescribed() {
        assertThat(JobOptions.all())
                .allSatisfy(option ->
                        assertThat(option.description()).as(option.key()).isNotNull());
    }
}
