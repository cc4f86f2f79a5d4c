package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ModelManifestTest {
    /** As it was written before there was a lineage. */
    private static final String OLDER = """
            {
              "format" : "djl",
              "model" : "ranker",
              "version" : "1",
              "architecture" : {
                "vocabularySize" : 81,
                "embeddingSize" : 16,
                "hiddenSize" : 64,
                "sequenceLength" : 32,
                "denseFeatures" : 1
              },
              "denseFeatures" : [ "popularity" ],
              "sequenceLength" : 32,
              "vocabularyFile" : "vocabulary.txt",
              "weightsFile" : "ranker-0000.params",
              "trainedFrom" : "2023-11-14T22:13:20Z",
              "trainedTo" : "2023-11-14T22:13:21Z",
              "createdAt" : "1970-01-01T00:00:00Z",
              "metrics" : { "validation_auc" : 0.9 },
              "files" : { "vocabulary.txt" : "00" }
            }
            """;

    private static ModelManifest read(String json) throws Exception {
        return ModelManifest.fromJson(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anOlderOneReads() throws Exception {
        ModelManifest manifest = read(OLDER);

        assertThat(manifest.lineage()).isNull();
        assertThat(manifest.trainedTo()).isEqualTo(Instant.parse("2023-11-14T22:13:21Z"));
        assertThat(ModelManifest.fromJson(manifest.toJson())).isEqualTo(manifest);
    }

    @Test
    void oneWithFieldsOfANewerCodeReads() throws Exception {
        ModelManifest manifest = read(OLDER.replace(
                "\"files\"", "\"lineage\" : {\"parentVersion\" : \"0\", \"moon\" : 1}, \"phase\" : 2, \"files\""));

        assertThat(manifest.lineage()).isEqualTo(new Lineage("0", null, null));
    }

    @Test
    void theCodeThatMakesAModelNamesItself() {
        assertThat(Lineage.variantOf("3", "distilled").parentVersion()).isEqualTo("3");
        assertThat(CodeVersion.CURRENT).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?(\\+[0-9a-f]{7})?");
    }
}
