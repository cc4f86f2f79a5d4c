package dev.rebound.operators;

import dev.rebound.operators.ingest.ItemTerms;
import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Builds signals for tests in one line: {@code anEvent("e1").by("u1").viewing("i7").atSecond(10)}. */
public final class Signals {
    public static final long START = 1_700_000_000_000L;

    private Signals() {}

    public static EventBuilder anEvent(String id) {
        return new EventBuilder(id);
    }

    public static UserSignal aRequest(String id, String userId) {
        UserSignal request = new UserSignal();
        request.kind = UserSignal.Kind.REQUEST;
        request.id = id;
        request.userId = userId;
        request.type = Scenario.HOME.ordinal();
        request.count = 5;
        request.timeMillis = START;
        return request;
    }

    /** A request of user {@code userId} for what a query finds. */
    public static UserSignal aSearchRequest(String id, String userId, String query) {
        UserSignal request = aRequest(id, userId);
        request.type = Scenario.SEARCH.ordinal();
        request.query = query;
        request.queryTerms = new ItemTerms().of(query);
        return request;
    }

    /** An item of the catalog that is about the words of its title and category. */
    public static ItemSignal aTitledItem(String itemId, String title, String category) {
        int[] terms = new ItemTerms()
                .of(CatalogItem.newBuilder()
                        .setItemId(itemId)
                        .setTitle(title)
                        .setCategoryPath(List.of(category))
                        .setUpdatedAt(START)
                        .build());
        return catalog(new CatalogEntry(itemId, category, null, 1000, true, terms, new long[0], new float[0], START));
    }

    public static ItemSignal aCatalogItem(String itemId, String category, long updatedMillis) {
        return catalog(new CatalogEntry(
                itemId, category, "brand", 1000, true, new int[0], new long[0], new float[0], updatedMillis));
    }

    public static ItemSignal catalog(CatalogEntry entry) {
        ItemSignal signal = new ItemSignal();
        signal.kind = ItemSignal.Kind.CATALOG;
        signal.itemKey = ItemKey.of(entry.itemId());
        signal.entry = entry;
        return signal;
    }

    public static ItemSignal anInteraction(String itemId, EventType type, long timeMillis) {
        ItemSignal signal = new ItemSignal();
        signal.kind = ItemSignal.Kind.INTERACTION;
        signal.itemKey = ItemKey.of(itemId);
        signal.type = type.ordinal();
        signal.timeMillis = timeMillis;
        return signal;
    }

    public static ItemSignal aTransition(String from, String to, float weight, long timeMillis) {
        ItemSignal signal = new ItemSignal();
        signal.kind = ItemSignal.Kind.TRANSITION;
        signal.itemKey = ItemKey.of(from);
        signal.toItemKey = ItemKey.of(to);
        signal.weight = weight;
        signal.timeMillis = timeMillis;
        return signal;
    }

    public static ItemSignal aSession(long key, String... itemIds) {
        ItemSignal signal = new ItemSignal();
        signal.kind = ItemSignal.Kind.SESSION;
        signal.itemKey = key;
        signal.sessionItems = Arrays.stream(itemIds).mapToLong(ItemKey::of).toArray();
        return signal;
    }

    /** An event under construction: by "u", viewing "i", at {@link #START}, unless told otherwise. */
    public static final class EventBuilder {
        private final UserSignal signal = new UserSignal();

        private EventBuilder(String id) {
            signal.id = id;
            signal.userId = "u";
            signal.timeMillis = START;
            viewing("i");
        }

        public EventBuilder by(String userId) {
            signal.userId = userId;
            return this;
        }

        public EventBuilder viewing(String itemId) {
            return doing(EventType.VIEW, itemId);
        }

        public EventBuilder doing(EventType type, String itemId) {
            signal.type = type.ordinal();
            signal.itemKey = ItemKey.of(itemId);
            return this;
        }

        public EventBuilder searching(String query) {
            signal.type = EventType.SEARCH.ordinal();
            signal.itemKey = ItemKey.NONE;
            signal.query = query;
            signal.queryTerms = new ItemTerms().of(query);
            return this;
        }

        public EventBuilder of(String requestId) {
            signal.requestId = requestId;
            return this;
        }

        /** Does it with a campaign and no item. */
        public EventBuilder with(EventType type, String campaignId) {
            signal.type = type.ordinal();
            signal.itemKey = ItemKey.NONE;
            signal.campaignKey = ItemKey.of(campaignId);
            return this;
        }

        public EventBuilder erasing() {
            signal.type = EventType.ERASE_USER.ordinal();
            signal.itemKey = ItemKey.NONE;
            return this;
        }

        public UserSignal atSecond(long second) {
            signal.timeMillis = START + Duration.ofSeconds(second).toMillis();
            return signal;
        }
    }
}
