package dev.rebound.operators.item;

import dev.rebound.schemas.EventType;

/** How much each kind of event says about a user's interest. */
public final class Interaction {
    private static final EventType[] TYPES = EventType.values();
    private static final int IMPRESSION = EventType.IMPRESSION.ordinal();
    private static final float[] WEIGHTS = new float[TYPES.length];

    static {
        WEIGHTS[EventType.VIEW.ordinal()] = 1f;
        WEIGHTS[EventType.CLICK.ordinal()] = 1f;
        WEIGHTS[EventType.FAVOURITE.ordinal()] = 2f;
        WEIGHTS[EventType.CART.ordinal()] = 3f;
        WEIGHTS[EventType.PURCHASE.ordinal()] = 4f;
    }

    private Interaction() {}

    /** The weight of an event type by its ordinal; 0 where it says nothing of interest in an item. */
    public static float weight(int type) {
        return WEIGHTS[type];
    }

    /** Whether the type, by its ordinal, shows interest in an item. */
    public static boolean isInterest(int type) {
        return WEIGHTS[type] > 0f;
    }

    /** Whether the type, by its ordinal, says that an item was shown. */
    public static boolean isImpression(int type) {
        return type == IMPRESSION;
    }

    /** The type of an ordinal. */
    public static EventType type(int ordinal) {
        return TYPES[ordinal];
    }

    /** How many types there are. */
    public static int types() {
        return TYPES.length;
    }
}
