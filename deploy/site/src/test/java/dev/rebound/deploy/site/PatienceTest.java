package dev.rebound.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Patience PATIENCE = Patience.of(Duration.ofSeconds(20), Duration.ofMillis(1));
    private static final Patience SHORT = Patience.of(Duration.ofMillis(30), Duration.ofMillis(1));

    private int asked;

    @Test
    void asksUntilTheAnswerWillDo() {
        assertThat(PATIENCE.get(() -> ++asked, answer -> answer == 3)).isEqualTo(3);
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void givesTheLastAnswerWhenTheTimeIsOver() {
        assertThat(SHORT.get(() -> ++asked, answer -> false)).isEqualTo(asked).isGreaterThan(1);
        assertThat(SHORT.until(() -> false)).isFalse();
    }

    @Test
    void noAnswerIsAnAnswerThatMayNotDo() {
        assertThat(PATIENCE.<String>get(() -> ++asked < 3 ? null : "lock", answer -> answer != null))
                .isEqualTo("lock");
    }

    @Test
    void aFailureEndsIt() {
        assertThatThrownBy(() -> PATIENCE.until(() -> {
                    asked++;
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken");
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aFailureThatIsBorneIsThrownOnlyWhenTheTimeIsOver() {
        Patience bearing = PATIENCE.bearing(IllegalStateException.class::isInstance);

        assertThat(bearing.get(() -> {
                    if (++asked < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return asked;
                }))
                .isEqualTo(3);
        assertThatThrownBy(() -> SHORT.bearing(bearing.borne()).get(() -> {
                    throw new IllegalStateException("never");
                }))
                .hasMessage("never");
    }

    @Test
    void withoutTimeOneQuestionIsAsked() {
        Patience none = Patience.of(Duration.ZERO, Duration.ofMillis(500));

        assertThat(none.get(() -> ++asked, answer -> false)).isEqualTo(1);
    }
}
