package dev.rebound.operators.release.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.rebound.operators.item.ItemKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctUsersTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 5_000, 12_000, 300_000})
    void aUserCountsOnceHoweverOften(int users) {
        DistinctUsers distinct = new DistinctUsers();
        for (int visit = 0; visit < 3; visit++) {
            for (int user = 0; user < users; user++) {
                distinct.add(VersionOutcome.userHash(ItemKey.hash("user-" + user)));
            }
        }

        assertThat(distinct.estimate()).isCloseTo(users, withinPercentage(4));
    }
}
