package dev.rebound.deploy.gateway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PurchasesTest {
    private static final long NOW = 1_790_000_000_000L;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @Test
    void whatWasBoughtWithinTheHourIsKnown() {
        byte[] bought = Purchases.add(Purchases.add(null, "old", NOW - HOUR + 1000), "ne\u00fc", NOW);

        assertThat(Purchases.recent(bought, NOW)).containsExactlyInAnyOrder("old", "ne\u00fc");
        assertThat(Purchases.recent(bought, NOW + 1000)).containsExactly("ne\u00fc");
        assertThat(Purchases.recent(null, NOW)).isEmpty();
        assertThat(Purchases.recent(new byte[0], NOW)).isEmpty();
    }

    @Test
    void aUserWhoBuysForEverTakesBoundedRoom() {
        byte[] bought = new byte[0];
        for (int i = 0; i < 10_000; i++) {
            bought = Purchases.add(bought, "item-" + i, NOW + i);
        }

        assertThat(bought.length).isLessThanOrEqualTo(8 * 1024);
        assertThat(Purchases.recent(bought, NOW + 10_000)).contains("item-9999", "item-9800");
    }
}
