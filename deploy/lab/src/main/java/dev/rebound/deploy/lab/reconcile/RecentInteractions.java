package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.EventType;
import java.util.ArrayList;
import java.util.List;

/**
 * A user's latest {@value #MOST} interactions with items, in the order of event time. Those with one item that follow each
 * other are one, of the strongest type. Written from docs/concepts.md, Profiles. 28 bytes an interaction.
 */
final class RecentInteractions {
    static final int MOST = 50;

    /** One of them. */
    record Interaction(String itemId, EventType type, long millis) {}

    /** The oldest first. */
    private final ArrayList<Interaction> byTime = new ArrayList<>(4);

    void add(Interaction added) {
        int place = byTime.size();
        while (place > 0 && byTime.get(place - 1).millis() > added.millis()) {
            place--;
        }
        if (place > 0 && isSameItem(place - 1, added)) {
            byTime.set(place - 1, new Interaction(added.itemId(), stronger(place - 1, added), added.millis()));
        } else if (place < byTime.size() && isSameItem(place, added)) {
            Interaction later = byTime.get(place);
            byTime.set(place, new Interaction(later.itemId(), stronger(place, added), later.millis()));
        } else {
            byTime.add(place, added);
            if (byTime.size() > MOST) {
                byTime.remove(0);
            }
        }
    }

    private boolean isSameItem(int place, Interaction added) {
        return byTime.get(place).itemId().equals(added.itemId());
    }

    private EventType stronger(int place, Interaction added) {
        EventType known = byTime.get(place).type();
        return Interest.weight(added.type()) > Interest.weight(known) ? added.type() : known;
    }

    int size() {
        return byTime.size();
    }

    /** The n-th newest. */
    Interaction newest(int n) {
        return byTime.get(byTime.size() - 1 - n);
    }

    /** Items that were bought less than so long before that time. */
    List<String> boughtWithin(long restMillis, long nowMillis) {
        return byTime.stream()
                .filter(each -> each.type() == EventType.PURCHASE && nowMillis - each.millis() < restMillis)
                .map(Interaction::itemId)
                .toList();
    }
}
