package dev.rebound.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.RankingModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelComparisonTest {
    private static final int MOMENTS = 150;

    /** Of two candidates, and padding, the second is taken; its popularity is 0.9, that of the first 0.2. */
    private static TrainingSet moments() {
        TrainingSet set = new TrainingSet(FeatureBatch.SEQUENCE_LENGTH, 3, DenseFeature.WIDTH);
        for (int m = 0; m < MOMENTS; m++) {
            float[] dense = new float[3 * DenseFeature.WIDTH];
            dense[DenseFeature.POPULARITY.ordinal()] = 0.2f;
            dense[DenseFeature.WIDTH + DenseFeature.POPULARITY.ordinal()] = 0.9f;
            set.add(
                    m,
                    new long[FeatureBatch.SEQUENCE_LENGTH],
                    new long[] {ItemKey.of("a"), ItemKey.of("b"), 0},
                    dense,
                    new float[] {0, 1, 0});
        }
        return set;
    }

    /** Scores by popularity, or by what is left of it. */
    private record ByPopularity(boolean turned) implements RankingModel {
        @Override
        public String version() {
            return "by-popularity";
        }

        @Override
        public ItemVocabulary vocabulary() {
            return ItemVocabulary.of(List.of("a", "b"));
        }

        @Override
        public void score(FeatureBatch batch, int users, float[] scores) {
            for (int i = 0; i < users * batch.candidates(); i++) {
                float popularity = batch.dense(i / batch.candidates(), i % batch.candidates(), DenseFeature.POPULARITY);
                scores[i] = turned ? 1 - popularity : popularity;
            }
        }

        @Override
        public void close() {}
    }

    private static ModelComparison.Result compare(RankingModel live, RankingModel candidate) throws Exception {
        List<String> users =
                IntStream.range(0, MOMENTS).mapToObj(m -> "u" + m % 50).toList();
        return new ModelComparison(moments(), users).compare(live, candidate);
    }

    @Test
    void theBetterOrderGainsWhatItsNdcgIsMore() throws Exception {
        ModelComparison.Result result = compare(new ByPopularity(true), new ByPopularity(false));

        assertThat(result.moments()).isEqualTo(MOMENTS);
        assertThat(result.users()).isEqualTo(50);
        assertThat(result.candidate().ndcg()).isOne();
        assertThat(result.candidate().auc()).isOne();
        assertThat(result.candidate().logLoss()).isEqualTo(-(Math.log(0.8) + Math.log(0.9)) / 2, within(1e-6));
        assertThat(result.live().ndcg()).isEqualTo(Math.log(2) / Math.log(3), within(1e-9));
        assertThat(result.live().auc()).isZero();
        assertThat(result.gain()).isEqualTo(1 - Math.log(2) / Math.log(3), within(1e-9));
        assertThat(result.gainHalfWidth95()).isEqualTo(0, within(1e-9));
    }

    @Test
    void aModelGainsNothingOnItself() throws Exception {
        ModelComparison.Result result = compare(new ByPopularity(false), new ByPopularity(false));

        assertThat(result.gain()).isZero();
        assertThat(result.live()).isEqualTo(result.candidate());
    }
}
