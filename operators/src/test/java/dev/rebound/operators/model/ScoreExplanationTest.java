package dev.rebound.operators.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScoreExplanationTest {
    private static final int CANDIDATES = 20;
    private static final Offset<Float> EXACT = within(1e-5f);

    private final FeatureBatch batch = new FeatureBatch(4, CANDIDATES);
    private final float[] scores = new float[4 * CANDIDATES];

    /** What a model makes of one candidate. */
    private interface Formula {
        float score(FeatureBatch batch, int row, int candidate);
    }

    private static final class FormulaModel implements RankingModel {
        private final Formula formula;
        private int passes;

        private FormulaModel(Formula formula) {
            this.formula = formula;
        }

        @Override
        public String version() {
            return "formula";
        }

        @Override
        public ItemVocabulary vocabulary() {
            return ItemVocabulary.of(List.of());
        }

        @Override
        public void score(FeatureBatch batch, int users, float[] scores) {
            passes++;
            for (int i = 0; i < users * batch.candidates(); i++) {
                scores[i] = formula.score(batch, i / batch.candidates(), i % batch.candidates());
            }
        }

        @Override
        public float[] meanFeatures() {
            float[] means = new float[DenseFeature.WIDTH];
            means[DenseFeature.POPULARITY.ordinal()] = 1f;
            means[DenseFeature.ACTION_RATE.ordinal()] = 0.25f;
            return means;
        }

        @Override
        public void close() {}
    }

    private static float dense(FeatureBatch batch, int row, int candidate, DenseFeature feature) {
        return batch.dense(row, candidate, feature);
    }

    /** Row 2: candidate 3 has popularity 3, action rate 0.5 and row 7; the user has seen row 9. */
    private void aCandidate() {
        batch.setSequence(2, 0, 9);
        batch.setCandidate(2, 3, 7);
        batch.setDense(2, 3, DenseFeature.POPULARITY, 3f);
        batch.setDense(2, 3, DenseFeature.ACTION_RATE, 0.5f);
        batch.setCandidate(2, 5, 8);
        batch.setDense(2, 5, DenseFeature.POPULARITY, 1f);
        batch.setDense(2, 5, DenseFeature.ACTION_RATE, 0.25f);
    }

    private List<Map<String, Float>> explain(FormulaModel model, int... chosen) throws Exception {
        aCandidate();
        model.score(batch, 4, scores);
        model.passes = 0;
        return new ScoreExplanation(CANDIDATES).of(batch, 2, chosen, chosen.length, scores, 2 * CANDIDATES, 42, model);
    }

    @Test
    void ofAnAdditiveScoreEachFeatureContributesWhatItAdds() throws Exception {
        FormulaModel model = new FormulaModel((b, row, c) -> 1f
                + 0.1f * dense(b, row, c, DenseFeature.POPULARITY)
                + dense(b, row, c, DenseFeature.ACTION_RATE)
                + (b.sequence(row, 0) == 9 ? 0.3f : 0f)
                + (b.candidate(row, c) == 7 ? 0.7f : 0f));

        Map<String, Float> contributions = explain(model, 3).get(0);

        assertThat(contributions.get("popularity")).isEqualTo(0.2f, EXACT);
        assertThat(contributions.get("action_rate")).isEqualTo(0.25f, EXACT);
        assertThat(contributions.get(ScoreExplanation.RECENT_ITEMS)).isEqualTo(0.3f, EXACT);
        assertThat(contributions.get(ScoreExplanation.ITEM)).isEqualTo(0.7f, EXACT);
        assertThat(contributions.get("covisit_last")).isZero();
        assertThat(contributions).hasSize(DenseFeature.WIDTH + 2);
    }

    @Test
    void twoFeaturesThatActTogetherShareWhatTheyDo() throws Exception {
        FormulaModel model =
                new FormulaModel((b, row, c) -> b.sequence(row, 0) == 9 && b.candidate(row, c) == 7 ? 0.8f : 0f);

        Map<String, Float> contributions = explain(model, 3).get(0);

        assertThat(contributions.get(ScoreExplanation.RECENT_ITEMS)).isEqualTo(0.4f, EXACT);
        assertThat(contributions.get(ScoreExplanation.ITEM)).isEqualTo(0.4f, EXACT);
    }

    @Test
    void contributionsSumToTheScoreLessThatOfTheAverageItemInOnePassForTheWholeList() throws Exception {
        FormulaModel model = new FormulaModel((b, row, c) -> {
            double logit = dense(b, row, c, DenseFeature.POPULARITY) * dense(b, row, c, DenseFeature.ACTION_RATE)
                    - 0.1 * b.candidate(row, c) * (1 + b.sequence(row, 0));
            return (float) (1 / (1 + Math.exp(-logit)));
        });

        List<Map<String, Float>> contributions = explain(model, 3, 5);

        float baseline = (float) (1 / (1 + Math.exp(-0.25)));
        assertThat(model.passes).isEqualTo(1);
        for (int i = 0; i < 2; i++) {
            float sum = (float)
                    contributions.get(i).values().stream().mapToDouble(v -> v).sum();
            assertThat(sum).isEqualTo(scores[2 * CANDIDATES + (i == 0 ? 3 : 5)] - baseline, EXACT);
        }
        assertThat(contributions.get(1).get("popularity")).as("an average one").isZero();
    }

    @Test
    void theSameRequestIsExplainedTheSameWay() throws Exception {
        Formula formula = (b, row, c) ->
                (float) Math.tanh(dense(b, row, c, DenseFeature.POPULARITY) * b.candidate(row, c) + b.sequence(row, 0));

        assertThat(explain(new FormulaModel(formula), 3)).isEqualTo(explain(new FormulaModel(formula), 3));
    }

    @Test
    void alsoALongListFitsIntoOnePass() throws Exception {
        FeatureBatch wide = new FeatureBatch(1, 100);
        int[] chosen = new int[100];
        for (int c = 0; c < 100; c++) {
            chosen[c] = c;
            wide.setCandidate(0, c, c + 1);
        }
        FormulaModel model = new FormulaModel((b, row, c) -> b.candidate(row, c) / 100f);
        float[] own = new float[100];
        model.score(wide, 1, own);
        model.passes = 0;

        List<Map<String, Float>> contributions = new ScoreExplanation(100).of(wide, 0, chosen, 100, own, 0, 1, model);

        assertThat(model.passes).isEqualTo(1);
        assertThat(contributions).hasSize(100);
        assertThat(contributions.get(99).get(ScoreExplanation.ITEM)).isEqualTo(1f, EXACT);
    }
}
