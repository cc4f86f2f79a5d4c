package dev.rebound.deploy.site;

import java.time.Duration;
import java.util.Locale;

/** Says now and then how far counted work has come, how fast it goes, and how long the rest will take. */
public final class Meter {
    private final String what;
    private final long total;
    private final Ticker ticker;
    private final long beginNanos = System.nanoTime();

    /**
     * @param what goes on, such as {@code history}
     * @param total events, at least about
     */
    public Meter(Progress output, String what, long total) {
        this.what = what;
        this.total = total;
        this.ticker = new Ticker(output);
    }

    /** Notes how many events are done. */
    public void at(long done) {
        ticker.tick(() -> line(done, (System.nanoTime() - beginNanos) / 1e9));
    }

    String line(long done, double seconds) {
        double rate = done / seconds;
        Duration left = Duration.ofSeconds(Math.round(Math.max(0, total - done) / rate));
        return String.format(
                Locale.ROOT,
                "%s: %,d of %,d events, %,.0f/s, %d:%02d left",
                what,
                done,
                total,
                rate,
                left.toMinutes(),
                left.toSecondsPart());
    }
}
