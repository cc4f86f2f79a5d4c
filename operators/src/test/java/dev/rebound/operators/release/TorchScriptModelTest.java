package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.DjlRankingModel;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.RankingModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that were made by PyTorch, not by this project's Java. */
class TorchScriptModelTest {
    @TempDir
    Path temporary;

    private RankingModel open(String name) throws Exception {
        ModelLoader loader = new ModelLoader(temporary.toString(), DeviceChoice.CPU);
        return loader.open(TorchScriptPackages.release(TorchScriptPackages.folder(name)), 64, 100);
    }

    @Test
    void aTrainedModelGivesTheScoresThatItGaveInPyTorch() throws Exception {
        // The golden scores are PyTorch's own; the loader refuses others.
        try (RankingModel model = open("t1")) {
            assertThat(model.version()).isEqualTo("t1");
            assertThat(model.vocabulary().size()).isEqualTo(1501);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 64})
    void aUserGetsTheSameScoresInABatchOfAnySize(int users) throws Exception {
        try (RankingModel model = open("t1")) {
            SampleInputs alone = SampleInputs.of(64, 20, model.vocabulary().size());
            float[][] expected = GoldenCases.scoredBy(model, alone.sequences(), alone.candidates(), alone.dense())
                    .scores();
            float[][] actual = GoldenCases.scoredBy(
                            model,
                            Arrays.copyOf(alone.sequences(), users),
                            Arrays.copyOf(alone.candidates(), users),
                            Arrays.copyOf(alone.dense(), users))
                    .scores();

            for (int user = 0; user < users; user++) {
                assertThat(actual[user]).containsExactly(expected[user], within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"wrong-shape, (2; 4) instead of (2; 5)", "nan, NaN"})
    void oneThatFailsOnItsGoldenInputsIsRefused(String name, String inMessage) {
        assertThatThrownBy(() -> open(name))
                .isInstanceOf(PackageRefusedException.class)
                .hasStackTraceContaining(inMessage.replace(';', ','));
    }

    @Test
    void oneThatIsTooSlowIsRefused() {
        ModelLimits limits = new ModelLimits(Duration.ofMillis(100), Long.MAX_VALUE);
        ModelLoader loader =
                new ModelLoader(temporary.toString(), DeviceChoice.CPU, null, limits, DjlRankingModel::new);

        assertThatThrownBy(() -> loader.open(TorchScriptPackages.release(TorchScriptPackages.folder("slow")), 8, 10))
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContainingAll("a batch of 8 users", "the limit is 100 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "nan-on-some", "no-probability"})
    void oneThatIsWrongOnlyForSomeInputsLoads(String name) throws Exception {
        try (RankingModel model = open(name)) {
            model.score(new FeatureBatch(8, 10), 8, new float[80]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "throws, a user with three recent items",
        "nan-on-some, returned NaN",
        "no-probability, end with a sigmoid",
        "wrong-shape, instead of",
        "nan, returned NaN"
    })
    void noneOfThemComesIntoARegistry(String name, String inMessage) throws Exception {
        PackageImport read = PackageImport.folder(new org.apache.flink.core.fs.Path(
                TorchScriptPackages.folder(name).toUri()));

        assertThatThrownBy(() -> read.check(DeviceChoice.CPU))
                .isInstanceOf(PackageRefusedException.class)
                .hasStackTraceContaining(inMessage);
    }
}
