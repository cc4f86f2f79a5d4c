package dev.rebound.operators.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.schemas.EventType;
import org.junit.jupiter.api.Test;

class SessionNeighboursTest {
    private static final long NOBODY = 0;

    private final TableBuilder shop = new TableBuilder();
    private final SessionIndex index = new SessionIndex(4);
    private final SessionNeighbours neighbours = new SessionNeighbours(index);
    private final RecentSlots slots = new RecentSlots();

    SessionNeighboursTest() {
        for (String item : "a b c d e f".split(" ")) {
            shop.item(item).put();
        }
    }

    private int slot(String item) {
        return shop.table().slot(ItemKey.of(item));
    }

    private void session(long key, String... items) {
        for (String item : items) {
            index.append(key, slot(item));
        }
    }

    /** Scores for a user who viewed the items, the oldest first. */
    private void scoreFor(long ownSession, String... items) {
        RecentItems recent = new RecentItems();
        for (int i = 0; i < items.length; i++) {
            recent.add(ItemKey.of(items[i]), EventType.VIEW.ordinal(), Signals.START + i);
        }
        slots.resolve(recent, shop.table());
        neighbours.score(slots, ownSession, shop.table().size());
    }

    private float score(String item) {
        return neighbours.score(slot(item));
    }

    @Test
    void itemsOfASessionThatSharesMoreCountMore() {
        session(1, "a", "b", "c");
        session(2, "b", "d", "e");

        scoreFor(NOBODY, "a", "b");

        assertThat(score("c")).isGreaterThan(score("d"));
        assertThat(score("f")).isZero();
    }

    @Test
    void anItemNextToTheSharedOneCountsMoreThanAFarOne() {
        session(1, "a", "b", "c", "d");

        scoreFor(NOBODY, "a");

        assertThat(score("b")).isGreaterThan(score("c"));
        assertThat(score("c")).isGreaterThan(score("d"));
    }

    @Test
    void theUsersOwnSessionIsNoNeighbour() {
        session(7, "a", "b", "c");

        scoreFor(7, "a", "b");

        assertThat(neighbours.size()).isZero();
    }

    @Test
    void theOldestSessionMakesRoom() {
        for (int key = 1; key <= 5; key++) {
            session(key, key == 1 ? "c" : "b", "a");
        }

        scoreFor(NOBODY, "a");

        assertThat(score("b")).isPositive();
        assertThat(score("c")).isZero();
    }

    @Test
    void anErasedSessionIsNotFound() {
        session(1, "a", "b");
        index.put(1, new int[0], 0);

        scoreFor(NOBODY, "a");

        assertThat(neighbours.size()).isZero();
    }

    @Test
    void erasuresOfSessionsThatNeverWereTakeNoPlaces() {
        session(1, "a", "b");
        for (int key = 100; key < 200; key++) {
            index.put(key, new int[0], 0);
        }

        scoreFor(NOBODY, "a");

        assertThat(score("b")).isPositive();
    }

    @Test
    void erasedSessionsTakeNoNeighboursPlace() {
        SessionIndex large = new SessionIndex(1000);
        int[] pair = {slot("a"), slot("b")};
        large.put(500, pair, 2);
        for (int key = 1; key <= 200; key++) {
            large.put(key, pair, 2);
            large.put(key, new int[0], 0);
        }
        RecentItems recent = new RecentItems();
        recent.add(ItemKey.of("a"), EventType.VIEW.ordinal(), Signals.START);
        slots.resolve(recent, shop.table());
        SessionNeighbours ofLarge = new SessionNeighbours(large);
        ofLarge.score(slots, NOBODY, shop.table().size());

        assertThat(ofLarge.score(slot("b"))).isPositive();
    }

    @Test
    void erasedSessionsTakeNoPlaceInTheSample() {
        SessionIndex large = new SessionIndex(1000);
        large.put(1000, new int[] {slot("d"), slot("e")}, 2);
        RecentItems recent = new RecentItems();
        recent.add(ItemKey.of("d"), EventType.VIEW.ordinal(), Signals.START);
        int key = 0;
        for (String item : "a b c".split(" ")) {
            for (int n = 0; n < SessionIndex.SESSIONS_AN_ITEM; n++) {
                large.put(++key, new int[] {slot(item), slot("f")}, 2);
                large.put(key, new int[0], 0);
            }
            recent.add(ItemKey.of(item), EventType.VIEW.ordinal(), Signals.START + key);
        }
        slots.resolve(recent, shop.table());
        SessionNeighbours ofLarge = new SessionNeighbours(large);
        ofLarge.score(slots, NOBODY, shop.table().size());

        assertThat(ofLarge.score(slot("e"))).isPositive();
    }

    @Test
    void anItemOfManySessionsIsFoundByItsLatest() {
        SessionIndex large = new SessionIndex(2 * SessionIndex.SESSIONS_AN_ITEM);
        for (int key = 0; key < 5 * SessionIndex.SESSIONS_AN_ITEM + 7; key++) {
            large.append(key, slot("a"));
        }
        int[] found = new int[1000];
        large.beginSearch();

        assertThat(large.find(slot("a"), found, 0)).isEqualTo(SessionIndex.SESSIONS_AN_ITEM);
        assertThat(large.is(found[0], 5 * SessionIndex.SESSIONS_AN_ITEM + 6)).isTrue();
        assertThat(large.is(found[255], 4 * SessionIndex.SESSIONS_AN_ITEM + 7)).isTrue();
    }

    @Test
    void aSessionThatIsToldAgainIsFoundByItsNewItems() {
        index.put(1, new int[] {slot("a"), slot("b")}, 2);
        index.put(1, new int[] {slot("a"), slot("b"), slot("c")}, 3);

        scoreFor(NOBODY, "c");

        assertThat(score("b")).isPositive();
        assertThat(score("a")).isPositive();
    }

    @Test
    void oneUsersScoresLeaveNoTraceInTheNexts() {
        session(1, "a", "b");
        scoreFor(NOBODY, "a");

        scoreFor(NOBODY, "f");

        assertThat(neighbours.size()).isZero();
        assertThat(score("b")).isZero();
    }
}
