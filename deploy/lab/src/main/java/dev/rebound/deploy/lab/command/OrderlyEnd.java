package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.site.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.jspecify.annotations.Nullable;

/**
 * Lets a command that is asked to end undo what it did: on Ctrl-C, SIGTERM or the end of its terminal the work is interrupted,
 * and {@link #run} returns. What its caller does then is done on a thread that nobody interrupts. A second signal ends the
 * process at once.
 *
 * <p>No shutdown hooks: those of Hadoop, Flink and the log run at the same time, and close what the undoing needs.
 */
final class OrderlyEnd implements AutoCloseable {
    private static final int EXIT_CODE_OF_SIGNALS = 128;
    private static final Duration UNTIL_INTERRUPTED = Duration.ofSeconds(15);
    /** The one that signals go to; without one they end the process as they would anyway. */
    private static final AtomicReference<@Nullable OrderlyEnd> CURRENT = new AtomicReference<>();

    static {
        List.of("HUP", "INT", "TERM")
                .forEach(name ->
                        new IrqHandler(name, data -> caught(new Signal("SIG" + name, data.getNumber()))).bind());
    }

    private record Signal(String name, int number) {
        int exitCode() {
            return EXIT_CODE_OF_SIGNALS + number;
        }
    }

    private final Progress output;
    private final CompletableFuture<Integer> outcome = new CompletableFuture<>();
    private final AtomicReference<@Nullable Signal> signal = new AtomicReference<>();

    OrderlyEnd(Progress output) {
        this.output = output;
        CURRENT.set(this);
    }

    /** Returns the exit code of the work, or that of the signal once the work has ended or can't be interrupted. */
    int run(IntSupplier work) {
        Thread worker = new Thread(() -> complete(work), "command");
        worker.start();
        try {
            return outcome.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        } finally {
            if (signal.get() != null) {
                end(worker);
            }
        }
    }

    private void complete(IntSupplier work) {
        try {
            outcome.complete(work.getAsInt());
        } catch (RuntimeException | Error e) {
            outcome.completeExceptionally(e);
        }
    }

    private void end(Thread worker) {
        worker.interrupt();
        try {
            worker.join(UNTIL_INTERRUPTED.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (worker.isAlive()) {
            output.progress(
                    "what was being done does not stop within " + UNTIL_INTERRUPTED.toSeconds() + " s; going on");
        }
    }

    /** The signal that asked for the end; empty where none did. */
    Optional<String> endedBy() {
        return Optional.ofNullable(signal.get()).map(Signal::name);
    }

    /** That of the signal, if one came before all was undone. */
    int exitCode(int ofWork) {
        return Optional.ofNullable(signal.get()).map(Signal::exitCode).orElse(ofWork);
    }

    private static void caught(Signal signal) {
        OrderlyEnd current = CURRENT.get();
        if (current == null) {
            System.exit(signal.exitCode());
        } else {
            current.catchOne(signal);
        }
    }

    private void catchOne(Signal caught) {
        if (!signal.compareAndSet(null, caught)) {
            Runtime.getRuntime().halt(caught.exitCode());
        }
        output.progress(
                caught.name() + ": undoing what was changed and ending what was started; a second one ends at once");
        outcome.complete(caught.exitCode());
    }

    @Override
    public void close() {
        CURRENT.compareAndSet(this, null);
    }
}
