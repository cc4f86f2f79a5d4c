package dev.rebound.deploy.lab.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongSet;
import org.junit.jupiter.api.Test;

class StandstillsTest {
    private static final long TOLERANCE = 60_000;

    private static LongSet seconds(long... seconds) {
        return new LongOpenHashSet(seconds);
    }

    @Test
    void whoIsAskedAndDoesNotAnswerStandsStill() {
        Standstills standstills = new Standstills(seconds(10, 11, 100, 101), seconds(11, 20, 100));

        assertThat(standstills.knownSince(11_500)).isEqualTo(11_500);
        assertThat(standstills.knownSince(50_000))
                .as("by a start that came to nothing")
                .isEqualTo(11_000);
        assertThat(standstills.knownSince(100_000)).isEqualTo(11_000);
        assertThat(standstills.knownSince(100_000 + TOLERANCE)).isEqualTo(11_000);
        assertThat(standstills.knownSince(100_001 + TOLERANCE)).isEqualTo(100_001 + TOLERANCE);
    }

    @Test
    void whoIsNotAskedDoesNot() {
        assertThat(new Standstills(seconds(10, 100), seconds(10, 96, 100)).knownSince(100_000))
                .as("an answer may take some seconds")
                .isEqualTo(100_000);
    }

    @Test
    void oneStartSoonAfterAnotherBeganWithWhatThatHadComeTo() {
        Standstills standstills = new Standstills(seconds(10, 100, 120, 140), seconds(11, 121));

        assertThat(standstills.knownSince(150_000)).isEqualTo(10_000);
    }
}
