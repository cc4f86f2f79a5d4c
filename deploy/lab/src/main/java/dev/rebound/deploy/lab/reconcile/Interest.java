package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.EventType;

/** How much an event says of interest in its item. Written from docs/concepts.md, Profiles. */
final class Interest {
    private Interest() {}

    /** 0 where it says nothing. */
    static int weight(EventType type) {
        return switch (type) {
            case VIEW, CLICK -> 1;
            case FAVOURITE -> 2;
            case CART -> 3;
            case PURCHASE -> 4;
            default -> 0;
        };
    }

    /** Whether an item was taken, not only seen. */
    static boolean takes(EventType type) {
        return weight(type) > 0;
    }
}
