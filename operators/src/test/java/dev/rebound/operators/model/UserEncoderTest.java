package dev.rebound.operators.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import dev.rebound.operators.Signals;
import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.retrieval.EmbeddingMatches;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.training.TastefulShop;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserEncoderTest {
    private static final int USERS = 5;
    private static final int SIZE = 16;

    private final OfflinePipeline shop = TastefulShop.shop();
    private final ItemVocabulary vocabulary = ItemVocabulary.of(TastefulShop.itemIds());
    private Model model;
    private SequenceEncoder block;
    private UserEncoder encoder;
    private final FeatureBatch batch = new FeatureBatch(8, 1);
    private final List<ScoringTask> tasks = new ArrayList<>();
    private final RecentSlots[] slots = new RecentSlots[USERS];

    @BeforeEach
    void open() {
        model = Model.newInstance("encoder", PyTorchEngine.forServing().getEngineName());
        block = new SequenceEncoder(
                new SequenceEncoder.Architecture(vocabulary.size(), SIZE, FeatureBatch.SEQUENCE_LENGTH, 0));
        block.setInitializer(new NormalInitializer(0.3f), Parameter.Type.WEIGHT);
        model.setBlock(block);
        block.initialize(
                model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, SIZE), new Shape(1, 1), new Shape(1, 1));
        encoder = new UserEncoder(block, vocabulary, model.getNDManager());
        for (int user = 0; user < USERS; user++) {
            ScoringTask task = new ScoringTask();
            slots[user] = new RecentSlots();
            for (int n = 0; n <= user; n++) {
                task.recent.add(ItemKey.of("i" + (user * 7 + n)), EventType.VIEW.ordinal(), Signals.START + n);
                batch.setType(user, n, EventType.VIEW.ordinal());
            }
            slots[user].resolve(task.recent, shop.table());
            tasks.add(task);
        }
    }

    @AfterEach
    void close() {
        encoder.close();
        model.close();
    }

    private void encode() {
        encoder.encode(batch, tasks, slots, shop.table(), shop.popular());
    }

    @Test
    void theNearestAreThoseOfTheGreatestDotProductsOfAll() {
        encode();

        ItemTable table = shop.table();
        for (int user = 0; user < USERS; user++) {
            EmbeddingMatches matches = encoder.matches(user, tasks.get(user));
            List<Integer> expected = IntStream.range(0, table.size())
                    .boxed()
                    .sorted((a, b) -> Float.compare(matches.score(b), matches.score(a)))
                    .limit(UserEncoder.NEAREST)
                    .toList();
            List<Integer> found = IntStream.range(0, matches.size())
                    .map(matches::slot)
                    .boxed()
                    .toList();
            assertThat(found).hasSize(UserEncoder.NEAREST);
            assertThat(found).isEqualTo(expected);
        }
    }

    /** What training makes in one pass over rows and what serving adds up on the heap. */
    @Test
    void anItemHasTheSameVectorInTrainingAndServing() {
        ItemTower tower = block.itemTower();
        int[] rows = new int[ItemContent.MOST];
        float[] served = new float[SIZE];
        var item = shop.table().byKey(ItemKey.of("i9"));
        int count = ItemContent.rows(item, shop.table().terms(), rows);
        tower.write(vocabulary.row(item.itemKey), rows, count, item.embedding, served, 0);

        try (NDManager scope = model.getNDManager().newSubManager()) {
            float[] trained = block.items(
                            new ParameterStore(scope, false),
                            scope.create(new int[] {vocabulary.row(item.itemKey)}),
                            scope.create(rows, new Shape(1, ItemContent.MOST)),
                            scope.zeros(new Shape(1, 1)),
                            false)
                    .toFloatArray();

            assertThat(count).isPositive();
            for (int i = 0; i < SIZE; i++) {
                assertThat(trained[i]).isCloseTo(served[i], within(1e-5f));
            }
        }
    }

    @Test
    void aUsersVectorDoesNotDependOnTheOthersOfTheBatch() {
        encode();
        float together = encoder.matches(3, tasks.get(3)).score(11);

        RecentSlots[] own = {slots[3]};
        for (int n = 0; n < FeatureBatch.SEQUENCE_LENGTH; n++) {
            batch.setType(0, n, n <= 3 ? EventType.VIEW.ordinal() : 0);
        }
        encoder.encode(batch, List.of(tasks.get(3)), own, shop.table(), shop.popular());

        assertThat(encoder.matches(0, tasks.get(3)).score(11)).isCloseTo(together, within(1e-4f));
    }

    @Test
    void theKindOfAnEventCounts() {
        encode();
        float viewed = encoder.matches(2, tasks.get(2)).score(11);

        batch.setType(2, 0, EventType.PURCHASE.ordinal());
        encode();

        assertThat(encoder.matches(2, tasks.get(2)).score(11)).isNotCloseTo(viewed, within(1e-4f));
    }

    @Test
    void anItemThatLeftTheShopIsNotNear() {
        encode();
        EmbeddingMatches matches = encoder.matches(1, tasks.get(1));
        int best = matches.slot(0);
        shop.catalog(Signals.catalog(CatalogEntry.removed(shop.table().item(best).itemId, Signals.START + 1)));
        shop.popular().make(shop.table());

        encode();

        EmbeddingMatches later = encoder.matches(1, tasks.get(1));
        assertThat(IntStream.range(0, later.size()).map(later::slot)).doesNotContain(best);
    }

    @Test
    void aBatchLeavesNoArrayBehind() {
        encode();
        int before = model.getNDManager().getManagedArrays().size();

        for (int i = 0; i < 50; i++) {
            shop.popular().make(shop.table());
            encode();
        }

        assertThat(model.getNDManager().getManagedArrays()).hasSize(before);
    }
}
