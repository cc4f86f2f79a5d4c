package dev.rebound.operators.training;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.user.UserSignal;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each user did with items, one after the other; consecutive interactions with one item are one of the strongest
 * type, as among the recent items that a model is served. 12 bytes an interaction.
 */
public final class InteractionSequences {
    private final int mostUsers;
    /** The one whose last event is latest at the end. */
    private final Map<String, Sequence> users = new LinkedHashMap<>();

    /** One user's interactions, oldest first. */
    static final class Sequence {
        final LongArrayList itemKeys = new LongArrayList(4);
        final IntArrayList types = new IntArrayList(4);

        private void add(long itemKey, int type) {
            int last = itemKeys.size() - 1;
            if (last < 0 || itemKeys.getLong(last) != itemKey) {
                itemKeys.add(itemKey);
                types.add(type);
            } else if (Interaction.weight(type) > Interaction.weight(types.getInt(last))) {
                types.set(last, type);
            }
        }
    }

    /** @param mostUsers whose last events are the latest */
    public InteractionSequences(int mostUsers) {
        this.mostUsers = mostUsers;
    }

    void add(UserSignal event) {
        if (event.itemKey == ItemKey.NONE || !Interaction.isInterest(event.type)) {
            return;
        }
        Sequence sequence = users.remove(event.userId);
        if (sequence == null) {
            sequence = new Sequence();
        }
        sequence.add(event.itemKey, event.type);
        users.put(event.userId, sequence);
        if (users.size() > mostUsers) {
            users.remove(users.keySet().iterator().next());
        }
    }

    void forget(String userId) {
        users.remove(userId);
    }

    /** Those from which something can be learned: of two interactions or more. */
    List<Sequence> ofTwoOrMore() {
        List<Sequence> some = new ArrayList<>();
        for (Sequence sequence : users.values()) {
            if (sequence.itemKeys.size() > 1) {
                some.add(sequence);
            }
        }
        return some;
    }
}
