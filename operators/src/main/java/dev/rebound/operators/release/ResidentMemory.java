package dev.rebound.operators.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * By how much this process grows while something happens: anonymous resident memory as Linux counts it, sampled. What
 * libtorch allocates is seen nowhere else. On other systems nothing grows.
 */
final class ResidentMemory implements AutoCloseable {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "RssAnon:";
    private static final long SAMPLE_NANOS = Duration.ofMillis(5).toNanos();

    private final long before = bytes();
    private final Thread sampler = new Thread(this::sample, "model-memory-probe");
    private volatile long most = before;
    private volatile boolean closed;

    private ResidentMemory() {
        sampler.setDaemon(true);
        sampler.start();
    }

    /** Watches until it is closed. */
    static ResidentMemory watch() {
        return new ResidentMemory();
    }

    private void sample() {
        while (!closed) {
            most = Math.max(most, bytes());
            LockSupport.parkNanos(SAMPLE_NANOS);
        }
    }

    /** Bytes by which it had grown when it was largest. */
    long growth() {
        return Math.max(most, bytes()) - before;
    }

    private static long bytes() {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(FIELD))
                    .mapToLong(line -> 1024
                            * Long.parseLong(line.substring(FIELD.length())
                                    .replace("kB", "")
                                    .trim()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(sampler);
    }
}
