package dev.rebound.deploy.gateway.local;

import dev.rebound.deploy.gateway.local.LocalStore.Changes;
import dev.rebound.deploy.gateway.local.LocalStore.Table;
import dev.rebound.operators.item.Interaction;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Takes records over into what is held. One thread. */
final class Held {
    /** Longer ones are dead letters of the job. */
    private static final int MOST_ID_CHARACTERS = 256;

    /** A page that asked for one place, or brought few candidates, says little for the next one. */
    private static final int ENOUGH = 5;

    private final LocalStore store;
    private final Popularity popularity;
    private final RecordCodec<Recommendation> lists = RecordCodec.of(Recommendation.class);
    private final RecordCodec<CatalogItem> items = RecordCodec.of(CatalogItem.class);
    private final RecordCodec<BehaviourEvent> events = RecordCodec.of(BehaviourEvent.class);
    /** What was changed and is not written yet: the next record of the same has to see it. */
    private final Map<String, byte[]> purchases = new HashMap<>();

    private final Map<String, Double> sums = new HashMap<>();
    private final Map<String, HeldItem> itemsChanged = new HashMap<>();

    Held(LocalStore store, Popularity popularity) {
        this.store = store;
        this.popularity = popularity;
    }

    static byte[] listKey(Scenario scenario, String userId) {
        byte[] user = userId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(user.length + 1)
                .put((byte) scenario.ordinal())
                .put(user)
                .array();
    }

    /** Takes up what was held when the gateway ended. */
    void readPopularity() {
        store.forEach(Table.POPULARITY, (key, sum) -> {
            String itemId = new String(key, StandardCharsets.UTF_8);
            rank(itemId, ByteBuffer.wrap(sum).getDouble());
        });
        popularity.publish();
    }

    /** @throws UndecodableRecordException if it is no record of its topic; nothing is changed then */
    void take(Topic topic, ConsumerRecord<byte[], byte[]> record, Changes changes) throws UndecodableRecordException {
        switch (topic) {
            case RECOMMENDATIONS -> list(record, changes);
            case USER_PROFILES -> profile(record, changes);
            case CATALOG_UPDATES -> catalog(record, changes);
            case BEHAVIOUR_EVENTS -> event(record, changes);
            default -> throw new IllegalArgumentException("Nothing of " + topic + " is held");
        }
    }

    private void list(ConsumerRecord<byte[], byte[]> record, Changes changes) throws UndecodableRecordException {
        if (record.value() == null) {
            // Each topic takes back its own alone: they are not read in step, and an old erasure must not take what
            // came later.
            String userId = new String(record.key(), StandardCharsets.UTF_8);
            changes.delete(Table.LISTS, listKey(Scenario.HOME, userId));
            changes.delete(Table.LISTS, listKey(Scenario.CAMPAIGN, userId));
            return;
        }
        Recommendation list = lists.decode(record.value(), null);
        if (list.getScenario() != Scenario.HOME && list.getScenario() != Scenario.CAMPAIGN) {
            return;
        }
        byte[] key = listKey(list.getScenario(), list.getUserId());
        if (list.getItems().size() >= ENOUGH || store.get(Table.LISTS, key) == null) {
            changes.put(Table.LISTS, key, record.value());
        }
    }

    private static void profile(ConsumerRecord<byte[], byte[]> record, Changes changes) {
        if (record.value() == null) {
            changes.delete(Table.PROFILES, record.key());
        } else {
            changes.put(Table.PROFILES, record.key(), record.value());
        }
    }

    private void catalog(ConsumerRecord<byte[], byte[]> record, Changes changes) throws UndecodableRecordException {
        String itemId = new String(record.key(), StandardCharsets.UTF_8);
        HeldItem item = record.value() == null ? new HeldItem(false, "") : held(items.decode(record.value(), null));
        HeldItem before = item(itemId);
        if (before != null) {
            popularity.remove(itemId, before.category());
        }
        itemsChanged.put(itemId, item);
        changes.put(Table.ITEMS, record.key(), item.toBytes());
        Double sum = sum(itemId);
        if (sum != null) {
            rank(itemId, sum);
        }
    }

    /** What is not sold would take the place of what is. */
    private void rank(String itemId, double sum) {
        HeldItem item = item(itemId);
        if (item != null && item.available()) {
            popularity.set(itemId, item.category(), sum);
        }
    }

    private static HeldItem held(CatalogItem item) {
        int depth = item.getCategoryPath().size();
        return new HeldItem(
                item.getAvailable(), depth == 0 ? "" : item.getCategoryPath().get(depth - 1));
    }

    private void event(ConsumerRecord<byte[], byte[]> record, Changes changes) throws UndecodableRecordException {
        BehaviourEvent event = events.decode(record.value(), null);
        long time = Math.min(event.getEventTime(), record.timestamp());
        if (event.getType() == EventType.ERASE_USER) {
            changes.delete(Table.PURCHASES, event.getUserId().getBytes(StandardCharsets.UTF_8));
            purchases.put(event.getUserId(), new byte[0]);
            return;
        }
        float weight = Interaction.weight(event.getType().ordinal());
        String itemId = event.getItemId();
        if (weight == 0 || itemId == null || itemId.length() > MOST_ID_CHARACTERS) {
            return;
        }
        Double before = sum(itemId);
        double sum = Popularity.add(before == null ? Double.NEGATIVE_INFINITY : before, weight, time);
        sums.put(itemId, sum);
        changes.put(
                Table.POPULARITY,
                itemId.getBytes(StandardCharsets.UTF_8),
                ByteBuffer.allocate(Double.BYTES).putDouble(sum).array());
        rank(itemId, sum);
        if (event.getType() == EventType.PURCHASE) {
            byte[] user = event.getUserId().getBytes(StandardCharsets.UTF_8);
            byte[] known = purchases.getOrDefault(event.getUserId(), store.get(Table.PURCHASES, user));
            byte[] bought = Purchases.add(known, itemId, time);
            purchases.put(event.getUserId(), bought);
            changes.put(Table.PURCHASES, user, bought);
        }
    }

    private @Nullable HeldItem item(String itemId) {
        HeldItem changed = itemsChanged.get(itemId);
        if (changed != null) {
            return changed;
        }
        byte[] held = store.get(Table.ITEMS, itemId.getBytes(StandardCharsets.UTF_8));
        return held == null ? null : HeldItem.of(held);
    }

    private @Nullable Double sum(String itemId) {
        Double changed = sums.get(itemId);
        if (changed != null) {
            return changed;
        }
        byte[] held = store.get(Table.POPULARITY, itemId.getBytes(StandardCharsets.UTF_8));
        return held == null ? null : ByteBuffer.wrap(held).getDouble();
    }

    /** Knows no change any more that is not written. */
    void clear() {
        purchases.clear();
        sums.clear();
        itemsChanged.clear();
    }
}
