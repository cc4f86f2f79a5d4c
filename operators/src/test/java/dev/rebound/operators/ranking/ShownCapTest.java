package dev.rebound.operators.ranking;

import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShownCapTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final PolicySettings TWICE_AN_HOUR = PolicySettings.BY_SCORE.withShownCap(2, HOUR);

    private final PolicyBench bench = new PolicyBench();

    @BeforeEach
    void aShop() {
        bench.item("i9", "lamps", 0);
        bench.item("i8", "lamps", 0);
        bench.item("i7", "sofas", 0);
    }

    private void shown(String itemId, long millisAgo) {
        bench.task.shown.show(ItemKey.of(itemId), START - millisAgo);
    }

    private List<String> choose(int count) {
        return bench.ids(bench.choose(TWICE_AN_HOUR, count));
    }

    @Test
    void whatWasShownOftenEnoughStandsBehindAllOthers() {
        shown("i9", 1000);
        assertThat(choose(3)).containsExactly("i9", "i8", "i7");
        shown("i9", 2000);
        assertThat(choose(3)).containsExactly("i8", "i7", "i9");
        assertThat(choose(2)).containsExactly("i8", "i7");
    }

    @Test
    void ofThoseBehindTheBestStillComesFirst() {
        for (String item : List.of("i9", "i8")) {
            shown(item, 1000);
            shown(item, 2000);
        }

        assertThat(choose(3)).containsExactly("i7", "i9", "i8");
    }

    @Test
    void whatWasNotShownForTheWindowComesBack() {
        shown("i9", 2 * HOUR.toMillis());
        shown("i9", HOUR.toMillis());
        assertThat(choose(3)).containsExactly("i9", "i8", "i7");

        shown("i9", HOUR.toMillis() - 1);
        assertThat(choose(3)).containsExactly("i8", "i7", "i9");
    }

    @Test
    void aSearchFindsWhatWasShownBefore() {
        shown("i9", 1000);
        shown("i9", 2000);
        bench.task.scenario = Scenario.SEARCH;

        assertThat(choose(3)).containsExactly("i9", "i8", "i7");
    }

    @Test
    void oneUsersImpressionsDoNotCountForTheNext() {
        shown("i9", 1000);
        shown("i9", 2000);
        shown("unknown", 2000);
        choose(3);
        bench.task.shown.clear();

        assertThat(choose(3)).containsExactly("i9", "i8", "i7");
    }
}
