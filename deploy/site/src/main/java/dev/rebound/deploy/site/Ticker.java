package dev.rebound.deploy.site;

import java.time.Duration;
import java.util.function.Supplier;

/** Lets a progress line through every other second. */
public final class Ticker {
    private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

    private final Progress output;
    private long lastNanos = System.nanoTime();

    public Ticker(Progress output) {
        this.output = output;
    }

    /** Says the line, made only then, if it is time for one. */
    public void tick(Supplier<String> message) {
        if (System.nanoTime() - lastNanos >= PAUSE_NANOS) {
            lastNanos = System.nanoTime();
            output.progress(message.get());
        }
    }
}
