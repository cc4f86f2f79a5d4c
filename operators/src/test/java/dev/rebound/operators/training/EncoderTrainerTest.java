package dev.rebound.operators.training;

import static dev.rebound.operators.Signals.aTitledItem;
import static dev.rebound.operators.Signals.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.UserEncoder;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.scoring.ScoringBatch;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.EventType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In a shop of eighty items, each of one of four tastes, by number modulo four. */
class EncoderTrainerTest {
    private static final List<EncoderReport> EPOCHS = new ArrayList<>();
    private static TrainedEncoder encoder;

    @BeforeAll
    static void train() throws Exception {
        encoder = new EncoderTrainer(
                        TastefulShop.sequences(600),
                        TastefulShop.itemIds(),
                        TastefulShop.shop().table(),
                        TrainerOptions.defaults(1),
                        EPOCHS::add)
                .train();
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    private static ScoringTask taskOf(String... viewed) {
        ScoringTask task = new ScoringTask();
        task.timeMillis = Signals.START + viewed.length;
        for (int n = 0; n < viewed.length; n++) {
            task.recent.add(ItemKey.of(viewed[n]), EventType.VIEW.ordinal(), Signals.START + n);
        }
        return task;
    }

    /** Candidates by what the encoder alone says, the best first. */
    private static List<String> nearest(OfflinePipeline shop, ScoringTask task) {
        shop.popular().make(shop.table());
        ScoringBatch batch = new ScoringBatch(shop.table(), shop.popular(), shop.sessions(), 1, 200);
        batch.add(task);
        try (UserEncoder serving = encoder.serving()) {
            batch.prepare(ItemVocabulary.of(List.of()), serving);
        }
        Candidates candidates = batch.candidates(0);
        List<Integer> order = new ArrayList<>();
        for (int c = 0; c < candidates.size(); c++) {
            order.add(c);
        }
        order.sort((a, b) -> Float.compare(candidates.embedding[b], candidates.embedding[a]));
        ItemTable table = shop.table();
        return order.stream().map(c -> table.item(candidates.slots[c]).itemId).toList();
    }

    @Test
    void aTasteThatOnlyTheSequenceShowsIsLearned() {
        List<String> nearest = nearest(TastefulShop.shop(), taskOf("i2", "i6", "i10"));

        assertThat(nearest.subList(0, 15))
                .allSatisfy(item ->
                        assertThat(Integer.parseInt(item.substring(1)) % 4).isEqualTo(2));
        assertThat(EPOCHS.get(EPOCHS.size() - 1).validationLoss())
                .isLessThan(EPOCHS.get(0).validationLoss());
    }

    @Test
    void aNewItemFitsByItsContentAtOnce() {
        OfflinePipeline shop = TastefulShop.shop();
        shop.catalog(aTitledItem("new-of-2", "taste2", "things"));
        shop.catalog(aTitledItem("new-of-3", "taste3", "things"));

        List<String> nearest = nearest(shop, taskOf("i2", "i6", "i10"));

        assertThat(nearest.indexOf("new-of-2")).isBetween(0, 25);
        assertThat(nearest.indexOf("new-of-3")).isGreaterThan(nearest.indexOf("new-of-2"));
    }

    @Test
    void aUserWithoutHistoryHasNoVector() {
        OfflinePipeline shop = TastefulShop.shop();
        ScoringBatch batch = new ScoringBatch(shop.table(), shop.popular(), shop.sessions(), 1, 20);
        batch.add(taskOf());
        try (UserEncoder serving = encoder.serving()) {
            batch.prepare(ItemVocabulary.of(List.of()), serving);
        }

        assertThat(batch.candidates(0).hasEmbeddings()).isFalse();
        assertThat(batch.candidates(0).embedding).containsOnly(0f);
    }

    @Test
    void contentEmbeddingsOfTheShopAreLearnedFrom() throws Exception {
        OfflinePipeline shop = new OfflinePipeline();
        for (int i = 0; i < 80; i++) {
            shop.catalog(embedded("i" + i, i % 4));
        }
        shop.catalog(embedded("new-of-2", 2));
        shop.catalog(embedded("new-of-3", 3));
        shop.popular().make(shop.table());
        List<String> nearest;
        try (TrainedEncoder own = new EncoderTrainer(
                        TastefulShop.sequences(600),
                        TastefulShop.itemIds(),
                        shop.table(),
                        TrainerOptions.defaults(1),
                        report -> {})
                .train()) {
            TrainedEncoder kept = encoder;
            encoder = own;
            nearest = nearest(shop, taskOf("i2", "i6", "i10"));
            encoder = kept;
        }

        assertThat(nearest.indexOf("new-of-2")).isNotNegative();
        assertThat(nearest.indexOf("new-of-3")).isGreaterThan(nearest.indexOf("new-of-2"));
    }

    private static ItemSignal embedded(String itemId, int taste) {
        float[] embedding = new float[4];
        embedding[taste] = 1;
        return catalog(new CatalogEntry(
                itemId, "things", null, 1000, true, new int[0], new long[0], embedding, Signals.START));
    }

    @Test
    void theSameSeedGivesTheSameEncoder() throws Exception {
        var options = TrainerOptions.defaults(1);
        try (TrainedEncoder one = TastefulShop.encoder(60, options);
                TrainedEncoder other = TastefulShop.encoder(60, options)) {
            assertThat(one.report().validationLoss()).isEqualTo(other.report().validationLoss());
        }
    }
}
