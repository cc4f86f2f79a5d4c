package dev.rebound.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @Test
    void aReferenceIsReplacedByWhatItNames(@TempDir Path folder) throws Exception {
        Path properties = Files.writeString(folder.resolve("secrets.properties"), "kafka=p$ss\\\\word\n");
        Files.writeString(folder.resolve("token"), "t0ken\n");

        assertThat(Secrets.resolved("s", "a '${file:" + properties + ":kafka}' b"))
                .isEqualTo("a 'p$ss\\word' b");
        assertThat(Secrets.resolved("s", "${dir:" + folder + ":token}")).isEqualTo("t0ken");
        assertThat(Secrets.resolved("s", "${env:PATH}")).isEqualTo(System.getenv("PATH"));
        assertThat(Secrets.resolved("s", "plain $ {text}")).isEqualTo("plain $ {text}");
    }

    @Test
    void aReferenceToNothingIsNamedWithItsSetting(@TempDir Path folder) {
        for (String reference : new String[] {
            "${env:REBOUND_NO_SUCH_VARIABLE}", "${file:" + folder + "/none:key}", "${dir:" + folder + ":none}"
        }) {
            assertThatThrownBy(() -> Secrets.resolved("flink.password", reference))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("flink.password")
                    .hasMessageContaining(reference);
        }
    }

    @Test
    void noSecretIsPrinted() {
        KafkaCluster kafka = new KafkaCluster("broker:9092", Map.of("sasl.jaas.config", "s3cret"));
        FlinkAccess.Login login = new FlinkAccess.Login("me", "s3cret");
        FlinkAccess.Store store = new FlinkAccess.Store(Path.of("k.p12"), "s3cret");

        assertThat(kafka + " " + login + " " + store).doesNotContain("s3cret").contains("broker:9092", "me", "k.p12");
    }
}
