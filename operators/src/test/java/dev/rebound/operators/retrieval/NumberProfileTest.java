package dev.rebound.operators.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.schemas.EventType;
import org.junit.jupiter.api.Test;

class NumberProfileTest {
    private static final int VOTES = 7;
    private static final int YEAR = -8;

    private final TableBuilder builder = new TableBuilder();

    private Item get(String itemId) {
        return builder.table().byKey(ItemKey.of(itemId));
    }

    private NumberProfile profileOf(String... items) {
        RecentItems recent = new RecentItems();
        for (String item : items) {
            recent.add(ItemKey.of(item), EventType.VIEW.ordinal(), Signals.START);
        }
        RecentSlots slots = new RecentSlots();
        slots.resolve(recent, builder.table());
        NumberProfile profile = new NumberProfile(builder.table());
        profile.of(recent, slots, builder.table());
        return profile;
    }

    @Test
    void theGapIsCountedInStandardDeviationsOfEachAttribute() {
        builder.item("a").with(VOTES, 0).with(YEAR, 0).put();
        builder.item("b").with(VOTES, 2).with(YEAR, 200).put();

        assertThat(profileOf("a").gap(get("a"))).isZero();
        assertThat(profileOf("a").gap(get("b"))).isEqualTo(2f, within(1e-4f));
        assertThat(profileOf("a", "b").gap(get("b"))).isEqualTo(1f, within(1e-4f));
    }

    @Test
    void anAttributeThatEitherLacksDoesNotCount() {
        builder.item("a").with(VOTES, 0).put();
        builder.item("b").with(VOTES, 2).with(YEAR, 5).put();
        builder.item("c").with(YEAR, 9).put();

        assertThat(profileOf("a").gap(get("b"))).isEqualTo(2f, within(1e-4f));
        assertThat(profileOf("a").gap(get("c"))).isZero();
    }

    @Test
    void moreAttributesThanAreKnownAreLeftOut() {
        for (int name = 1; name <= NumberScales.MOST; name++) {
            builder.item("i" + name).with(name, name).put();
        }
        builder.item("late").with(100, 1).put();

        assertThat(get("late").numbers).isEmpty();
    }
}
