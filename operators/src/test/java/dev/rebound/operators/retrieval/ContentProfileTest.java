package dev.rebound.operators.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.operators.user.ShownItems;
import dev.rebound.schemas.EventType;
import org.junit.jupiter.api.Test;

class ContentProfileTest {
    private static final int RARE = 1;
    private static final int COMMON = 2;

    private final TableBuilder builder = new TableBuilder();
    private final ItemTable table = builder.table();

    private Item item(String itemId, int... terms) {
        builder.item(itemId).about(terms).put();
        return table.byKey(ItemKey.of(itemId));
    }

    private ContentProfile profileOf(String... newestFirst) {
        RecentItems recent = new RecentItems();
        for (int n = newestFirst.length - 1; n >= 0; n--) {
            recent.add(ItemKey.of(newestFirst[n]), EventType.VIEW.ordinal(), Signals.START + newestFirst.length - n);
        }
        RecentSlots slots = new RecentSlots();
        slots.resolve(recent, table);
        ContentProfile profile = new ContentProfile(table);
        profile.of(recent, slots, table);
        return profile;
    }

    @Test
    void anItemIsLikeItselfAndUnlikeWhatItSharesNothingWith() {
        Item a = item("a", RARE, COMMON);
        Item b = item("b", 3);

        assertThat(profileOf("a").similarity(a)).isEqualTo(1f, within(1e-5f));
        assertThat(profileOf("a").similarity(b)).isZero();
    }

    @Test
    void aRareTermTellsMoreThanACommonOne() {
        item("seen", RARE, COMMON);
        Item sharesRare = item("x", RARE, 10);
        Item sharesCommon = item("y", COMMON, 11);
        for (int i = 0; i < 50; i++) {
            item("other" + i, COMMON, 100 + i);
        }

        ContentProfile profile = profileOf("seen");

        assertThat(profile.similarity(sharesRare)).isGreaterThan(profile.similarity(sharesCommon));
    }

    @Test
    void newerItemsCountMore() {
        item("new", RARE);
        item("old", COMMON);

        ContentProfile profile = profileOf("new", "old");

        assertThat(profile.similarity(item("likeNew", RARE)))
                .isGreaterThan(profile.similarity(item("likeOld", COMMON)));
    }

    @Test
    void theLastUserIsForgotten() {
        Item a = item("a", RARE);
        item("b", COMMON);
        ContentProfile profile = profileOf("a");

        profile.of(table.byKey(ItemKey.of("b")));

        assertThat(profile.similarity(a)).isZero();
    }

    @Test
    void whatWasShownAndNotTakenMakesAProfileToo() {
        Item a = item("a", RARE);
        ShownItems shown = new ShownItems();
        shown.show(ItemKey.of("a"), 1);
        shown.show(ItemKey.of("unknown"), 2);
        ContentProfile profile = new ContentProfile(table);

        profile.of(shown, table);

        assertThat(profile.similarity(a)).isEqualTo(1f, within(1e-5f));
    }

    @Test
    void anItemWithNewTermsIsNoLongerFoundByItsOldOnes() {
        item("a", RARE);
        item("b", RARE);
        Item changed = item("b", COMMON);

        assertThat(profileOf("a").similarity(changed)).isZero();
    }
}
