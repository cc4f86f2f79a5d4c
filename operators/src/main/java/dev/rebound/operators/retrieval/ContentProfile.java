package dev.rebound.operators.retrieval;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.operators.user.ShownItems;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What some items are about, as weights of terms, and how like it an item is: the cosine of the two vectors
 * (Salton, Wong, Yang, "A Vector Space Model for Automatic Indexing", 1975). Mutable, used again for the next user;
 * allocates nothing a user; owned by one thread.
 */
public final class ContentProfile {
    private static final int RECENT_ITEMS = 20;
    private static final float DECAY = 0.9f;

    private final TermWeights terms;
    private float[] profile = new float[1024];
    private int[] touched = new int[1024];
    private int touchedCount;
    private float norm;

    public ContentProfile(ItemTable table) {
        this.terms = table.terms();
    }

    /** Makes this what the user's latest items are about; newer ones and stronger interactions count more. */
    public void of(RecentItems recent, RecentSlots slots, ItemTable table) {
        clear();
        float decay = 1;
        for (int n = 0; n < Math.min(RECENT_ITEMS, recent.size()); n++) {
            Item item = slots.slot(n) == RecentSlots.NONE ? null : table.item(slots.slot(n));
            if (item != null) {
                add(item, decay * Interaction.weight(recent.type(n)));
            }
            decay *= DECAY;
        }
        measure();
    }

    /** Makes this what the items are about that the user was shown lately and did not take. */
    public void of(ShownItems shown, ItemTable table) {
        clear();
        for (int n = 0; n < shown.size(); n++) {
            Item item = table.byKey(shown.itemKey(n));
            if (item != null) {
                add(item, 1);
            }
        }
        measure();
    }

    /** Makes this what one item is about; nothing where there is none. */
    public void of(@Nullable Item item) {
        clear();
        if (item != null) {
            add(item, 1);
        }
        measure();
    }

    private void clear() {
        for (int i = 0; i < touchedCount; i++) {
            profile[touched[i]] = 0;
        }
        touchedCount = 0;
        if (profile.length < terms.size()) {
            profile = Arrays.copyOf(profile, terms.size() * 2);
            touched = new int[profile.length];
        }
    }

    private void add(Item item, float weight) {
        if (item.terms.length == 0) {
            return;
        }
        float scale = weight / norm(item);
        for (int term : item.terms) {
            if (profile[term] == 0) {
                touched[touchedCount++] = term;
            }
            profile[term] += scale * terms.weight(term);
        }
    }

    private float norm(Item item) {
        float squares = 0;
        for (int term : item.terms) {
            squares += terms.weight(term) * terms.weight(term);
        }
        return (float) Math.sqrt(squares);
    }

    private void measure() {
        float squares = 0;
        for (int i = 0; i < touchedCount; i++) {
            squares += profile[touched[i]] * profile[touched[i]];
        }
        norm = (float) Math.sqrt(squares);
    }

    /** How like the profile an item is, 0 to 1; 0 where either says nothing. */
    public float similarity(Item item) {
        if (norm == 0 || item.terms.length == 0) {
            return 0;
        }
        float dot = 0;
        float squares = 0;
        for (int term : item.terms) {
            float weight = terms.weight(term);
            dot += weight * profile[term];
            squares += weight * weight;
        }
        return dot == 0 ? 0 : dot / (norm * (float) Math.sqrt(squares));
    }
}
