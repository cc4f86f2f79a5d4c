package dev.rebound.operators.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearestVectorsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 40, 64, 256})
    void theBytesOfTheMostVectorsAreAPositiveNumber(int size) {
        int most = NearestVectors.most(size);

        assertThat((long) most * size * Float.BYTES).isBetween(1L << 30, (long) Integer.MAX_VALUE);
        assertThat(NearestVectors.withRoom(most, size)).isEqualTo(most);
        assertThat(NearestVectors.withRoom(most - 1, size)).isLessThanOrEqualTo(most);
    }

    @Test
    void roomForItemsGrowsUpToWhatAnArrayHolds() {
        assertThat(UserEncoder.room(1000, 64)).isEqualTo(1500);
        assertThat(UserEncoder.room(30_000_000, 64)).isEqualTo(Integer.MAX_VALUE / 64);
        assertThatThrownBy(() -> UserEncoder.room(40_000_000, 64)).hasMessageContaining("40000000 items");
    }
}
