package dev.rebound.deploy.gateway.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PopularityTest {
    private static final long NOW = 1_790_000_000_000L;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final double NOTHING = Double.NEGATIVE_INFINITY;

    private final Popularity popularity = new Popularity();

    @Test
    void anEventOfYesterdayIsWorthHalfOfOneOfToday() {
        double today = Popularity.add(NOTHING, 1, NOW);

        assertThat(Math.exp(today - Popularity.add(NOTHING, 1, NOW - DAY))).isCloseTo(2, within(1e-6));
        assertThat(Math.exp(Popularity.add(today, 3, NOW) - today)).isCloseTo(4, within(1e-6));
        assertThat(Popularity.add(today, 1, NOW - 5000 * DAY))
                .as("what is long ago changes nothing, and is no NaN")
                .isEqualTo(today);
    }

    @Test
    void theMostPopularIsFirstInAllAndInItsCategory() {
        popularity.set("a", "lamps", 1);
        popularity.set("b", "lamps", 3);
        popularity.set("c", "chairs", 2);
        popularity.set("d", "", 4);
        popularity.publish();

        assertThat(popularity.top(Popularity.ALL)).containsExactly("d", "b", "c", "a");
        assertThat(popularity.top("lamps")).containsExactly("b", "a");
        assertThat(popularity.top("tables")).isEmpty();
    }

    @Test
    void readersSeeWhatWasPublishedUntilThereIsMore() {
        popularity.set("a", "lamps", 1);
        popularity.publish();
        popularity.set("b", "lamps", 2);

        assertThat(popularity.top("lamps")).containsExactly("a");
        popularity.publish();
        assertThat(popularity.top("lamps")).containsExactly("b", "a");
    }

    @Test
    void anItemThatLeftItsCategoryIsNotShownThere() {
        popularity.set("a", "lamps", 1);
        popularity.remove("a", "lamps");
        popularity.set("a", "chairs", 1);
        popularity.publish();

        assertThat(popularity.top("lamps")).isEmpty();
        assertThat(popularity.top("chairs")).containsExactly("a");
    }

    @Test
    void ofManyItemsThoseOnTopAreKeptAlsoOnesThatRiseLate() {
        for (int i = 0; i < 5_000; i++) {
            popularity.set("i" + i, "all", i);
        }
        popularity.set("i7", "all", 10_000);
        popularity.publish();

        assertThat(popularity.top("all"))
                .hasSize(200)
                .startsWith("i7", "i4999", "i4998")
                .endsWith("i4801");
    }
}
