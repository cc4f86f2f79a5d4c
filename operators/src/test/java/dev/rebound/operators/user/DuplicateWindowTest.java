package dev.rebound.operators.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DuplicateWindowTest {
    private static final long NOW = 1_750_000_000_000L;
    private static final long WINDOW = Duration.ofHours(6).toMillis();

    private final DuplicateWindow window = new DuplicateWindow();

    @Test
    void oneEventFarAheadDoesNotForgetThoseBeforeIt() {
        assertThat(window.add(1, NOW, WINDOW)).isTrue();
        assertThat(window.add(2, NOW + Duration.ofDays(30).toMillis(), WINDOW)).isTrue();

        assertThat(window.add(1, NOW + Duration.ofDays(30).toMillis(), WINDOW)).isFalse();
    }

    @Test
    void whatIsOlderThanTheWindowGoesOnceThereAreManyNewerIds() {
        for (int id = 0; id < DuplicateWindow.LEAST; id++) {
            window.add(id, NOW, WINDOW);
        }
        assertThat(window.size()).isEqualTo(DuplicateWindow.LEAST);

        window.add(1_000, NOW + WINDOW + 1_000, WINDOW);

        assertThat(window.size()).isEqualTo(DuplicateWindow.LEAST);
        assertThat(window.add(0, NOW + WINDOW + 1_000, WINDOW)).isTrue();
    }

    @Test
    void allInsideTheWindowAreKept() {
        for (int id = 0; id < 3 * DuplicateWindow.LEAST; id++) {
            window.add(id, NOW + id, WINDOW);
        }

        assertThat(window.size()).isEqualTo(3 * DuplicateWindow.LEAST);
        assertThat(window.add(0, NOW + 1_000, WINDOW)).isFalse();
    }
}
