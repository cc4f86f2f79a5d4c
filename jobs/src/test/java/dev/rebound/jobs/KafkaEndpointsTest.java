package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaEndpointsTest {
    @TempDir
    Path folder;

    @Test
    void sourcesAndSinksTravelWithThePropertiesAndWithoutTheSecret() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "key=s3cret");
        Path file = folder.resolve("client.properties");
        Files.write(
                file,
                List.of(
                        "bootstrap.servers=b:1",
                        "security.protocol=SASL_SSL",
                        "max.block.ms=61234",
                        "fetch.max.wait.ms=713",
                        "ssl.keystore.password=${file:" + secret + ":key}"));
        KafkaEndpoints kafka =
                new KafkaEndpoints(JobOptions.parse("--kafka.properties-file", file.toString()), "a-job");

        assertTravelsSafely(kafka.source(Topic.MODEL_RELEASES, TopicDeserializer.releases()), "713");
        assertTravelsSafely(kafka.exactlyOnce("a-sink"), "61234");
        assertTravelsSafely(kafka.atLeastOnce(), "61234");
    }

    /** @param own a value that this kind of client alone knows, and not the admin client beside it */
    private static void assertTravelsSafely(Serializable endpoint, String own) throws IOException {
        String serialized = new String(InstantiationUtil.serializeObject(endpoint), StandardCharsets.ISO_8859_1);
        assertThat(serialized)
                .contains(own, "b:1", "SASL_SSL", "ssl.keystore.password", ":key}", "RequiredValues$OfFile")
                .doesNotContain("s3cret");
    }
}
