package dev.rebound.operators.item;

import dev.rebound.schemas.EventType;
import java.time.Duration;
import org.apache.flink.util.Preconditions;

/** How a signal changes what is known of an item. Pure: no Flink, no clock but the events'. */
public final class ItemFeatures {
    /** Half-life of popularity. */
    public static final long POPULARITY_HALF_LIFE_MILLIS = Duration.ofDays(2).toMillis();

    /** Half-life of rates and of transitions. */
    public static final long RATE_HALF_LIFE_MILLIS = Duration.ofDays(14).toMillis();

    private static final int IMPRESSION = EventType.IMPRESSION.ordinal();
    private static final int VIEW = EventType.VIEW.ordinal();
    private static final int CART = EventType.CART.ordinal();
    private static final int PURCHASE = EventType.PURCHASE.ordinal();

    private ItemFeatures() {}

    /** Applies a signal to its item. */
    public static void apply(ItemState state, ItemSignal signal) {
        switch (signal.kind) {
            case INTERACTION -> interaction(state, signal.type, signal.timeMillis);
            case TRANSITION ->
                state.neighbours.add(signal.toItemKey, signal.weight, signal.timeMillis, RATE_HALF_LIFE_MILLIS);
            case CATALOG -> catalog(state, Preconditions.checkNotNull(signal.entry));
            case SESSION, QUERY -> throw new IllegalArgumentException("A session or query is no feature of an item");
        }
    }

    /** Applies a QUERY signal to what users take after its query. */
    public static void applyChoice(Neighbours taken, ItemSignal signal) {
        taken.add(signal.toItemKey, signal.weight, signal.timeMillis, RATE_HALF_LIFE_MILLIS);
    }

    private static void interaction(ItemState state, int type, long timeMillis) {
        state.firstSeenMillis = Math.min(state.firstSeenMillis, timeMillis);
        state.newestMillis = Math.max(state.newestMillis, timeMillis);
        if (type == IMPRESSION || type == VIEW) {
            state.exposures = DecayedSum.add(state.exposures, 1, timeMillis, RATE_HALF_LIFE_MILLIS);
        }
        if (!Interaction.isInterest(type)) {
            return;
        }
        state.popularity =
                DecayedSum.add(state.popularity, Interaction.weight(type), timeMillis, POPULARITY_HALF_LIFE_MILLIS);
        if (type != VIEW) {
            state.actions = DecayedSum.add(state.actions, 1, timeMillis, RATE_HALF_LIFE_MILLIS);
        }
        if (type == CART || type == PURCHASE) {
            state.conversions = DecayedSum.add(state.conversions, 1, timeMillis, RATE_HALF_LIFE_MILLIS);
        }
    }

    /**
     * The shop's times tell which of two descriptions is the newer one. A removal has no time of the shop's, so that the
     * order of the topic tells what it is before and after.
     */
    private static void catalog(ItemState state, CatalogEntry entry) {
        CatalogEntry known = state.entry;
        boolean comparable = known != null && !known.isRemoved() && !entry.isRemoved();
        if (comparable && entry.updatedMillis() < known.updatedMillis()) {
            return;
        }
        state.entry = entry;
        state.firstSeenMillis = Math.min(state.firstSeenMillis, entry.updatedMillis());
    }
}
