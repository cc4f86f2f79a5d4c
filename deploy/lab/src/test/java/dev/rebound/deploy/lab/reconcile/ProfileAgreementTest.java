package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.anEvent;
import static dev.rebound.deploy.lab.reconcile.Records.anItem;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static dev.rebound.deploy.lab.reconcile.Records.inCatalog;
import static dev.rebound.deploy.lab.reconcile.Records.recommendation;
import static dev.rebound.deploy.lab.reconcile.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.ingest.Pseudonyms;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.item.ItemFeatures;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.item.ItemSignalCollector;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.ranking.RecommendationFactory;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserFeatures;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.operators.user.UserState;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.UserProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two implementations of one definition: what the job makes of events at random is what the oracle expects. */
class ProfileAgreementTest {
    private static final EventType[] TYPES = {
        EventType.IMPRESSION,
        EventType.VIEW,
        EventType.SEARCH,
        EventType.CLICK,
        EventType.FAVOURITE,
        EventType.CART,
        EventType.PURCHASE
    };
    private static final int ITEMS = 30;

    private final Expectation expected = new Expectation(Records.TERMS, UserNames.plain());
    private final ObservedOutput actual = new ObservedOutput();
    private final Map<Long, ItemState> items = new HashMap<>();
    private final ItemTable table = new ItemTable();
    private final TopicDeserializer<ItemSignal> catalogReader = TopicDeserializer.catalog();
    private final TopicDeserializer<UserSignal> eventReader = TopicDeserializer.behaviourEvents();
    private final UserFeatures features = new UserFeatures(Duration.ofDays(400), Duration.ofMinutes(1));
    private final UserState user = new UserState();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 40, 80, 200, 700})
    void theProfileOfTheJobIsFoundRight(int events) {
        catalog();
        SplittableRandom random = new SplittableRandom(events);
        actual.recommendation(at(recommendation("r0", "u0", null, "e0", NOW - 600_000, "i1")));
        for (int n = 0; n < events; n++) {
            apply(event(n, random));
        }
        UserProfile profile = profile();
        actual.profile(at(encoded(profile)));

        assertThat(Reconciliation.compare(expected, actual).findings()).noneMatch(each -> each.contains("profiles"));
        if (!profile.getRecentItemIds().isEmpty()) {
            profile.setRecentItemIds(List.of("i29"));
            actual.profile(at(encoded(profile)));
            assertThat(Reconciliation.compare(expected, actual).findings()).anyMatch(each -> each.contains("profiles"));
        }
    }

    @Test
    void aPseudonymOfTheJobIsThatOfTheOracle(@TempDir Path folder) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "another key of more than sixteen bytes \n");
        Pseudonyms job = Pseudonyms.keyedBy(key.toString());
        job.open();

        assertThat(UserNames.keyedBy(key).of("user-é")).isEqualTo(job.of("user-é"));
    }

    /** Some have no category, brand or price, some are not on offer, every tenth is in no catalog. */
    private void catalog() {
        catalogReader.open();
        eventReader.open();
        int offset = 0;
        for (int i = 0; i < ITEMS; i++) {
            if (i % 10 == 9) {
                continue;
            }
            CatalogItem item = anItem("i" + i)
                    .setUpdatedAt(NOW - 900_000)
                    .setAvailable(i % 7 != 0)
                    .setCategoryPath(i % 5 == 0 ? List.of() : List.of("all", "c" + i % 13))
                    .setBrand(i % 4 == 0 ? null : "b" + i % 12)
                    .setPriceMinor(i % 6 == 0 ? null : 50L + 700L * i)
                    .build();
            change(inCatalog(offset++, NOW - 800_000, "i" + i, encoded(item)));
        }
        change(inCatalog(offset, NOW - 700_000, "i8", null));
    }

    private void change(ConsumerRecord<byte[], byte[]> record) {
        expected.catalog(record);
        ItemSignal signal = catalogReader.decode(record).value;
        ItemState state = items.computeIfAbsent(signal.itemKey, key -> new ItemState());
        ItemFeatures.apply(state, signal);
        table.update(signal.itemKey, state);
    }

    /** Within two months, two thirds of them in order, and some at the same time. */
    private static ConsumerRecord<byte[], byte[]> event(int n, SplittableRandom random) {
        long day = Duration.ofDays(1).toMillis();
        long inOrder = NOW - 60 * day + n * day / 20;
        EventType type = TYPES[random.nextInt(TYPES.length)];
        byte[] value = encoded(anEvent("e" + random.nextInt(1 + n), "u1", type)
                .setItemId("i" + random.nextInt(ITEMS))
                .setQuery("pens")
                .setEventTime(random.nextInt(3) > 0 ? inOrder : NOW - random.nextInt(60) * day)
                .build());
        return record(n, NOW, "u1", value);
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        expected.event(record);
        UserSignal signal = eventReader.decode(record).value;
        if (features.isNew(user, signal)) {
            features.apply(user, signal, new NoItems());
        }
    }

    private UserProfile profile() {
        ScoringTask task = new ScoringTask();
        task.userId = "u1";
        task.timeMillis = user.lastEventMillis;
        task.features(user);
        RecentSlots slots = new RecentSlots();
        slots.resolve(task.recent, table);
        UserInterests interests = new UserInterests();
        interests.compute(task.recent, slots, table, task.timeMillis);
        return new RecommendationFactory(table, 0).profile(task, interests, NOW);
    }

    private static final class NoItems implements ItemSignalCollector {
        @Override
        public void interaction(long itemKey, int type, long timeMillis) {}

        @Override
        public void transition(long fromItemKey, long toItemKey, float weight, long timeMillis) {}

        @Override
        public void queryChoice(long queryKey, long itemKey, float weight, long timeMillis) {}
    }
}
