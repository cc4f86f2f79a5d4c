package dev.rebound.operators.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScoreOrderTest {
    private final ScoreOrder order = new ScoreOrder(1);

    @Test
    void theGreatestScoreComesFirstNegativeOnesLast() {
        order.add(1, 0.5f);
        order.add(2, -0.75f);
        order.add(3, 3e20f);
        order.add(4, 0);
        order.add(5, -1e-30f);
        order.sort();

        assertThat(numbers()).containsExactly(3, 1, 4, 5, 2);
        assertThat(order.score(0)).isEqualTo(3e20f);
        assertThat(order.score(4)).isEqualTo(-0.75f);
    }

    @Test
    void ofEqualScoresTheGreaterNumberComesFirst() {
        order.add(7, 1);
        order.add(9, 1);
        order.add(8, 1);
        order.sort();

        assertThat(numbers()).containsExactly(9, 8, 7);
    }

    @Test
    void whatWasClearedDoesNotComeAgain() {
        order.add(7, 1);
        order.sort();
        order.clear();
        order.add(1, 0);
        order.sort();

        assertThat(numbers()).containsExactly(1);
    }

    private int[] numbers() {
        int[] numbers = new int[order.size()];
        for (int n = 0; n < numbers.length; n++) {
            numbers[n] = order.number(n);
        }
        return numbers;
    }
}
