package dev.rebound.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RankerTrainerTest {
    private TrainedEncoder encoder;

    @BeforeEach
    void trainEncoder() throws Exception {
        encoder = TastefulShop.encoder(40, options(1));
    }

    @Test
    void whatTellsTheChosenApartIsLearned() throws Exception {
        List<EpochReport> epochs = new ArrayList<>();
        var trainer = new RankerTrainer(TastefulShop.moments(3000), encoder, options(8), epochs::add);

        try (TrainedRanker ranker = trainer.train()) {
            assertThat(ranker.report().auc()).isGreaterThan(0.9);
            assertThat(ranker.report().ndcg()).isGreaterThan(ranker.report().retrievalNdcg() + 0.2);
            assertThat(ranker.report().beatsRetrieval()).isTrue();
        }
        assertThat(epochs.get(epochs.size() - 1).trainLoss())
                .isLessThan(epochs.get(0).trainLoss());
    }

    @Test
    void trainingStopsWhenItNoLongerImproves() throws Exception {
        List<EpochReport> epochs = new ArrayList<>();
        var trainer = new RankerTrainer(TastefulShop.moments(300), encoder, options(200), epochs::add);

        trainer.train().close();

        assertThat(epochs).hasSizeLessThan(200);
    }

    @Test
    void tooShortAHistoryIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> new RankerTrainer(TastefulShop.moments(3), encoder, options(1), report -> {}))
                .hasMessageContaining("Only 3 moments")
                .hasMessageContaining("longer history");
    }

    private static TrainerOptions options(int epochs) {
        return new TrainerOptions(
                8, 1, 1, 1e-2f, 32, epochs, 3, 128, 1e-2f, 0f, 0.2, TrainerOptions.ClassWeights.defaults(), 7);
    }
}
