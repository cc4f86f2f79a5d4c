package dev.rebound.operators.item;

import static dev.rebound.operators.Signals.START;
import static dev.rebound.operators.Signals.aCatalogItem;
import static dev.rebound.operators.Signals.aSession;
import static dev.rebound.operators.Signals.aTransition;
import static dev.rebound.operators.Signals.anInteraction;
import static dev.rebound.operators.Signals.catalog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.schemas.EventType;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ItemFeatureOperatorTest {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private KeyedOneInputStreamOperatorTestHarness<Long, ItemSignal, ItemUpdate> harness;
    private long clock;

    @BeforeEach
    void start() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    private static KeyedOneInputStreamOperatorTestHarness<Long, ItemSignal, ItemUpdate> harness() throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<Long, ItemSignal, ItemUpdate>(
                SimpleOperatorFactory.of(new ItemFeatureOperator(INTERVAL, Duration.ofDays(7))),
                signal -> signal.itemKey,
                Types.LONG,
                16,
                1,
                0);
        harness.getExecutionConfig().enableObjectReuse();
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        harness.setup(ItemFeatureOperator.type()
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        return harness;
    }

    private void send(ItemSignal signal) throws Exception {
        harness.processElement(signal, START);
    }

    /** Lets an interval pass and gives what was sent in it. */
    private List<ItemUpdate> sentAfterAnInterval() throws Exception {
        harness.getOutput().clear();
        clock += INTERVAL.toMillis();
        harness.setProcessingTime(clock);
        return harness.extractOutputValues();
    }

    @Test
    void theFirstSendingEndsWithAMarkEvenOfNothing() throws Exception {
        assertThat(sentAfterAnInterval()).singleElement().satisfies(update -> {
            assertThat(update.kind).isEqualTo(ItemUpdate.Kind.COMPLETE);
            assertThat(update.subtasks).isEqualTo(1);
        });
    }

    @Test
    void manyChangesOfAnItemAreSentOnce() throws Exception {
        sentAfterAnInterval();
        send(aCatalogItem("a", "lamps", START));
        for (int i = 0; i < 100; i++) {
            send(anInteraction("a", EventType.VIEW, START + i));
        }

        assertThat(sentAfterAnInterval()).singleElement().satisfies(update -> {
            assertThat(update.itemKey).isEqualTo(ItemKey.of("a"));
            assertThat(DecayedSum.at(update.item.popularity, START, ItemFeatures.POPULARITY_HALF_LIFE_MILLIS))
                    .isCloseTo(100, within(0.01));
        });
        assertThat(sentAfterAnInterval()).as("nothing changed").isEmpty();
    }

    @Test
    void anItemThatOnlyEventsNameIsKeptAndSentOnceTheCatalogNamesIt() throws Exception {
        sentAfterAnInterval();
        send(aTransition("a", "b", 1, START));
        assertThat(sentAfterAnInterval()).isEmpty();

        send(aCatalogItem("a", "lamps", START));
        assertThat(sentAfterAnInterval())
                .singleElement()
                .satisfies(
                        update -> assertThat(update.item.neighbours.itemKey(0)).isEqualTo(ItemKey.of("b")));
    }

    @Test
    void anOlderCatalogChangeDoesNotReplaceANewerOne() throws Exception {
        sentAfterAnInterval();
        send(aCatalogItem("a", "new", START + 10));
        send(aCatalogItem("a", "old", START));

        assertThat(sentAfterAnInterval())
                .singleElement()
                .satisfies(
                        update -> assertThat(update.item.entry.leafCategory()).isEqualTo("new"));
    }

    @Test
    void anItemIsGoneWhateverTimeTheShopGaveItsLastChange() throws Exception {
        sentAfterAnInterval();
        send(aCatalogItem("a", "lamps", START + Duration.ofHours(20).toMillis()));
        send(catalog(CatalogEntry.removed("a", START)));

        assertThat(sentAfterAnInterval())
                .singleElement()
                .satisfies(update -> assertThat(update.item.entry.offered()).isFalse());
    }

    @Test
    void anItemThatIsListedAgainAsItWasIsBack() throws Exception {
        sentAfterAnInterval();
        send(aCatalogItem("a", "lamps", START));
        send(catalog(CatalogEntry.removed("a", START + 5_000)));
        send(aCatalogItem("a", "lamps", START));

        assertThat(sentAfterAnInterval())
                .singleElement()
                .satisfies(update -> assertThat(update.item.entry.offered()).isTrue());
    }

    @Test
    void aRemovedItemIsSentAsNoLongerOffered() throws Exception {
        sentAfterAnInterval();
        send(aCatalogItem("a", "lamps", START));
        send(catalog(CatalogEntry.removed("a", START + 1)));

        assertThat(sentAfterAnInterval())
                .singleElement()
                .satisfies(update -> assertThat(update.item.entry.offered()).isFalse());
    }

    @Test
    void whatOnlyEventsNameIsForgottenLongAfterItsLastEvent() throws Exception {
        long later = START + Duration.ofDays(61).toMillis();
        sentAfterAnInterval();
        send(aCatalogItem("listed", "lamps", START));
        send(anInteraction("listed", EventType.VIEW, START));
        send(anInteraction("old", EventType.VIEW, START));
        send(anInteraction("new", EventType.VIEW, later));
        clock += Duration.ofHours(1).toMillis();
        sentAfterAnInterval();

        send(aCatalogItem("listed", "lamps", later));
        send(aCatalogItem("old", "lamps", later));
        send(aCatalogItem("new", "lamps", later));

        assertThat(sentAfterAnInterval())
                .extracting(update -> update.item.entry.itemId() + " " + (update.item.popularity > DecayedSum.EMPTY))
                .containsExactlyInAnyOrder("listed true", "old false", "new true");
    }

    @Test
    void aRestoreSendsEveryItemAgainAndThenTheMark() throws Exception {
        for (int i = 0; i < 50; i++) {
            send(aCatalogItem("i" + i, "lamps", START));
        }
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        List<ItemUpdate> sent = sentAfterAnInterval();

        assertThat(sent).hasSize(51);
        assertThat(sent.get(50).kind).isEqualTo(ItemUpdate.Kind.COMPLETE);
        assertThat(sent.subList(0, 50))
                .extracting(update -> update.item.entry.itemId())
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsTakenAfterAQueryIsGatheredAndSentAgainAfterARestore() throws Exception {
        sentAfterAnInterval();
        for (String item : "a a b".split(" ")) {
            send(new ItemSignal().queryChoice(QueryKey.of(7), ItemKey.of(item), 1, START));
        }
        assertThat(sentAfterAnInterval()).singleElement().satisfies(ItemFeatureOperatorTest::isTwiceAOnceB);

        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();

        List<ItemUpdate> sent = sentAfterAnInterval();
        assertThat(sent).hasSize(2);
        isTwiceAOnceB(sent.get(0));
    }

    private static void isTwiceAOnceB(ItemUpdate update) {
        assertThat(update.kind).isEqualTo(ItemUpdate.Kind.QUERY);
        assertThat(update.queryKey).isEqualTo(QueryKey.of(7));
        assertThat(update.queryItems.itemKey(0)).isEqualTo(ItemKey.of("a"));
        assertThat(DecayedSum.ratio(update.queryItems.sum(0), update.queryItems.sum(1)))
                .isCloseTo(2, within(1e-6));
    }

    @Test
    void aSessionIsSentAtOnceAndAgainAfterARestoreUnlessItWasErased() throws Exception {
        sentAfterAnInterval();
        send(aSession(1, "a", "b"));
        send(aSession(2, "c", "d"));
        send(aSession(2));

        assertThat(harness.extractOutputValues())
                .extracting(update -> update.kind)
                .endsWith(ItemUpdate.Kind.SESSION, ItemUpdate.Kind.SESSION, ItemUpdate.Kind.SESSION);

        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();

        List<ItemUpdate> sent = sentAfterAnInterval();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).sessionKey).isEqualTo(1);
        assertThat(sent.get(0).sessionItems).containsExactly(ItemKey.of("a"), ItemKey.of("b"));
        assertThat(sent.get(1).kind).isEqualTo(ItemUpdate.Kind.COMPLETE);
    }
}
