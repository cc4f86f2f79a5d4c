package dev.rebound.operators.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.EventType;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentItemsTest {
    private static final int VIEW = EventType.VIEW.ordinal();
    private static final int CART = EventType.CART.ordinal();

    private final RecentItems recent = new RecentItems();

    private List<Long> newestFirst() {
        return IntStream.range(0, recent.size()).mapToObj(recent::itemKey).toList();
    }

    @Test
    void aLateItemTakesItsPlaceInTime() {
        recent.add(1, VIEW, 10);
        recent.add(3, VIEW, 30);
        recent.add(2, VIEW, 20);

        assertThat(newestFirst()).containsExactly(3L, 2L, 1L);
    }

    @Test
    void oneItemSeveralTimesInARowIsOneEntryOfTheStrongestType() {
        recent.add(1, VIEW, 10);
        recent.add(1, CART, 20);
        recent.add(1, VIEW, 30);

        assertThat(newestFirst()).containsExactly(1L);
        assertThat(recent.type(0)).isEqualTo(CART);
        assertThat(recent.timeMillis(0)).isEqualTo(30);
    }

    @Test
    void theOldestGoesWhenItIsFull() {
        for (int i = 1; i <= RecentItems.CAPACITY + 1; i++) {
            recent.add(i, VIEW, i);
        }

        assertThat(newestFirst()).hasSize(RecentItems.CAPACITY).startsWith(51L).endsWith(2L);
    }

    @Test
    void anItemOlderThanAllOfAFullListIsNotKept() {
        for (int i = 1; i <= RecentItems.CAPACITY; i++) {
            recent.add(i, VIEW, 100 + i);
        }
        recent.add(99, VIEW, 1);

        assertThat(newestFirst()).doesNotContain(99L).hasSize(RecentItems.CAPACITY);
    }
}
