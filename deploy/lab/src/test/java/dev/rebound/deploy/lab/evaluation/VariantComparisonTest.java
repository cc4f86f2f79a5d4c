package dev.rebound.deploy.lab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.release.GoldenCases;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.operators.training.Distillation;
import dev.rebound.operators.training.RankerTrainer;
import dev.rebound.operators.training.TastefulShop;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.operators.training.TrainingSet;
import java.time.Instant;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantComparisonTest {
    private static final int MOMENTS = 800;
    private static final int TRAINED = 640;

    private static final TrainingSet SET = TastefulShop.moments(MOMENTS);

    @TempDir
    java.nio.file.Path registry;

    @Test
    void aDistilledModelIsSmallerAndOrdersAsTheOriginalDoes() throws Exception {
        TrainerOptions options = TrainerOptions.defaults(1);
        try (TrainedRanker original =
                        new RankerTrainer(SET, TastefulShop.encoder(50, options), options, report -> {}).train();
                RankingModel teacher = original.serving("1");
                TrainedRanker distilled = Distillation.distil(
                        teacher, TastefulShop.encoder(50, options), SET, TrainerOptions.distilled(1), report -> {});
                RankingModel student = distilled.serving("1-distilled")) {
            Path first = original.write(new Path(registry.toUri()), "ranker", "1", Instant.EPOCH);
            Path second = distilled.write(new Path(registry.toUri()), "ranker", "1-distilled", Instant.EPOCH);
            GoldenCases golden = GoldenCases.fromJson(ModelPackages.readFile(first, "golden.json"));

            VariantComparison itself = VariantComparison.of(teacher, teacher, golden, SET, TRAINED);
            VariantComparison both = VariantComparison.of(teacher, student, golden, SET, TRAINED);

            assertThat(both.moments()).isEqualTo(MOMENTS - TRAINED);
            assertThat(both.original().ndcg()).isEqualTo(original.report().ndcg(), within(1e-6));
            assertThat(both.variant().ndcg()).isGreaterThan(distilled.report().retrievalNdcg() + 0.1);
            assertThat(ModelPackages.readFile(second, "ranker-0000.params").length)
                    .isLessThan(ModelPackages.readFile(first, "ranker-0000.params").length);
            assertThat(both.goldenDifference()).isGreaterThan(0);
            assertThat(both.within(1, 1)).isTrue();
            assertThat(both.within(1, 0)).as("golden scores differ").isFalse();
            assertThat(both.within(-1, 1))
                    .as("orders no better by a whole NDCG")
                    .isFalse();
            assertThat(itself.topOverlap()).isEqualTo(1);
            assertThat(itself.within(0, 1e-4)).isTrue();
        }
    }
}
