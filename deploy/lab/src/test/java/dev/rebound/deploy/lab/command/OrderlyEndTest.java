package dev.rebound.deploy.lab.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** With real signals to this JVM, which would end without the handler. */
class OrderlyEndTest {
    private final List<String> said = new CopyOnWriteArrayList<>();

    @Test
    void aSignalInterruptsTheWorkAndIsItsExitCode() {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (OrderlyEnd end = new OrderlyEnd(said::add)) {
            int code = end.run(() -> {
                try {
                    signal("TERM");
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return 0;
            });

            assertThat(code).isEqualTo(143);
            assertThat(interrupted.getCount()).isZero();
            assertThat(end.endedBy()).contains("SIGTERM");
            assertThat(said).singleElement().asString().startsWith("SIGTERM: ");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void whatTheWorkFailsWithAfterASignalIsNotItsOutcome() {
        try (OrderlyEnd end = new OrderlyEnd(said::add)) {
            int code = end.run(() -> {
                try {
                    signal("TERM");
                    new CountDownLatch(1).await();
                    return 0;
                } catch (InterruptedException e) {
                    throw new CommandFailedException("Interrupted", e);
                }
            });

            assertThat(code).isEqualTo(143);
        }
    }

    @Test
    void withoutASignalTheWorksOwnOutcomeCounts() {
        try (OrderlyEnd end = new OrderlyEnd(said::add)) {
            assertThat(end.run(() -> 1)).isEqualTo(1);
            assertThat(end.exitCode(1)).isEqualTo(1);
        }
    }

    @Test
    void aFailureOfTheWorkIsThatOfTheCommand() {
        try (OrderlyEnd end = new OrderlyEnd(said::add)) {
            assertThatThrownBy(() -> end.run(() -> {
                        throw new CommandFailedException("no stack");
                    }))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessage("no stack");
        }
    }

    private static void signal(String name) {
        try {
            new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "kill -" + name + " " + ProcessHandle.current().pid())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            // The signal was faster than the end of its sender.
            Thread.currentThread().interrupt();
        }
    }
}
