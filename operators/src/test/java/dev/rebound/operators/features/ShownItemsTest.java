package dev.rebound.operators.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Signals;
import org.junit.jupiter.api.Test;

class ShownItemsTest {
    private final ShownItems shown = new ShownItems();

    private void show(long item, int second) {
        shown.add(item, Signals.START + second * 1000L);
    }

    private String contents() {
        StringBuilder contents = new StringBuilder();
        for (int n = 0; n < shown.size(); n++) {
            contents.append(shown.itemKey(n)).append('@');
            contents.append((shown.timeMillis(n) - Signals.START) / 1000).append(' ');
        }
        return contents.toString().trim();
    }

    @Test
    void aLateImpressionStandsWhereItsTimeBelongs() {
        show(1, 0);
        show(2, 20);
        show(3, 10);

        assertThat(contents()).isEqualTo("1@0 3@10 2@20");
    }

    @Test
    void whatIsTakenIsForgottenButNotWhatIsShownAfterwards() {
        show(1, 0);
        show(2, 1);
        show(1, 2);
        show(1, 9);
        shown.taken(1, Signals.START + 5_000);

        assertThat(contents()).isEqualTo("2@1 1@9");
    }

    @Test
    void theOldestGoFirstAndAnOlderOneDoesNotComeIn() {
        for (int second = 10; second < 10 + ShownItems.CAPACITY; second++) {
            show(second, second);
        }
        show(5, 5);
        show(7, 500);

        assertThat(shown.size()).isEqualTo(ShownItems.CAPACITY);
        assertThat(contents()).startsWith("11@11 12@12").endsWith("7@500");
    }

    @Test
    void whatCameAfterATimeCanBeForgotten() {
        show(1, 0);
        show(2, 10);
        shown.forgetAfter(Signals.START + 5_000);

        assertThat(contents()).isEqualTo("1@0");
    }
}
