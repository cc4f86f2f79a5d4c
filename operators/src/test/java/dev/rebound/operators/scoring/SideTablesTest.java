package dev.rebound.operators.scoring;

import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.ItemFeatures;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.item.Neighbours;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SideTablesTest {
    private final SideTables tables = new SideTables();

    private void item(String itemId, String... neighbours) {
        ItemUpdate update = new ItemUpdate();
        update.itemKey = ItemKey.of(itemId);
        update.item = new ItemState();
        update.item.entry =
                new CatalogEntry(itemId, "c", null, 100, true, new int[0], new long[0], new float[0], START);
        addAll(update.item.neighbours, neighbours);
        tables.update(update);
    }

    private static void addAll(Neighbours to, String... itemIds) {
        for (String itemId : itemIds) {
            to.add(ItemKey.of(itemId), 1, START, ItemFeatures.RATE_HALF_LIFE_MILLIS);
        }
    }

    private void session(String... itemIds) {
        ItemUpdate update = new ItemUpdate();
        update.kind = ItemUpdate.Kind.SESSION;
        update.sessionKey = 7;
        update.sessionItems = Arrays.stream(itemIds).mapToLong(ItemKey::of).toArray();
        tables.update(update);
    }

    private void query(String... itemIds) {
        ItemUpdate update = new ItemUpdate();
        update.kind = ItemUpdate.Kind.QUERY;
        update.queryKey = 9;
        update.queryItems = new Neighbours();
        addAll(update.queryItems, itemIds);
        tables.update(update);
    }

    @Test
    void whileItemsComeNamesOfThoseToComeTakePlaces() {
        item("a", "b");
        session("a", "c");
        query("d");

        assertThat(tables.items.size()).isEqualTo(4);
    }

    @Test
    void onceAllHaveComeIdsThatOnlyEventsNameTakeNone() {
        item("a");
        tables.update(ItemUpdate.complete(0, 1));

        item("a", "made-up-1");
        session("a", "made-up-2");
        query("made-up-3");

        assertThat(tables.items.size()).isEqualTo(1);
        assertThat(tables.items.byKey(ItemKey.of("a")).neighbours).isEmpty();
        item("b", "a", "made-up-1");
        assertThat(tables.items.size()).as("a new item of the catalog").isEqualTo(2);
        assertThat(tables.items.byKey(ItemKey.of("b")).neighbours).containsExactly(tables.items.slot(ItemKey.of("a")));
        assertThat(tables.items.byKey(ItemKey.of("b")).neighbourShares).containsExactly(1f);
    }

    @Test
    void itemsThatComeAfterNobodyWaitsForThemAnyMoreAreAllAllTheSame() {
        tables.giveUp();
        session("a", "b");
        tables.update(ItemUpdate.complete(0, 1));

        session("a", "made-up");

        assertThat(tables.items.size()).isEqualTo(2);
    }
}
