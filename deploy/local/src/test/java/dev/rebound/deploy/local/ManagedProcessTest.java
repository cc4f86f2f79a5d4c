package dev.rebound.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessTest {

    @TempDir
    Path folder;

    private StackLayout layout;
    private ManagedProcess process;

    @BeforeEach
    void aLayout() throws Exception {
        layout = new StackLayout(folder.resolve("home"), folder.resolve("var"));
        process = new ManagedProcess(layout, "sleeper");
    }

    @AfterEach
    void nothingIsLeft() {
        process.kill();
    }

    @Test
    void aLaterCommandKnowsTheProcess() {
        process.start(sleeper());

        ManagedProcess found = new ManagedProcess(layout, "sleeper");

        assertThat(found.isAlive()).isTrue();
        assertThat(found.pid()).isEqualTo(process.pid()).isPresent();
    }

    @Test
    void theEndIsAwaitedAndThePidFileGoes() {
        process.start(sleeper());
        ProcessHandle handle = ProcessHandle.of(process.pid().getAsLong()).orElseThrow();

        process.terminate();
        process.awaitEnd(Duration.ofSeconds(10));

        assertThat(handle.isAlive()).isFalse();
        assertThat(layout.run().resolve("sleeper.pid")).doesNotExist();
    }

    @Test
    void aFrozenProcessIsKilledAfterTheGrace() throws Exception {
        process.start(sleeper());
        ProcessHandle handle = ProcessHandle.of(process.pid().getAsLong()).orElseThrow();
        signal("STOP", handle.pid());

        process.terminate();
        process.awaitEnd(Duration.ofMillis(300));

        assertThat(handle.isAlive()).isFalse();
    }

    @Test
    void ctrlCOfTheTerminalDoesNotEndIt() throws Exception {
        process.start(sleeper());
        long pid = process.pid().getAsLong();

        // Before that it is still the shell that is to ignore the signals.
        await().until(() -> Files.size(layout.logs().resolve("sleeper.out")) > 0);

        signal("INT", pid);
        signal("HUP", pid);

        assertThat(ProcessHandle.of(pid).orElseThrow().onExit())
                .failsWithin(Duration.ofSeconds(2))
                .withThrowableOfType(TimeoutException.class);
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void aPidThatBelongsToAnotherProcessNowIsLeftAlone() throws Exception {
        process.start(sleeper());
        ProcessHandle stranger = ProcessHandle.of(process.pid().getAsLong()).orElseThrow();
        Path pidFile = layout.run().resolve("sleeper.pid");
        Files.writeString(pidFile, stranger.pid() + " 1000\n");

        process.terminate();
        process.awaitEnd(Duration.ofMillis(300));

        assertThat(stranger.isAlive()).isTrue();
        assertThat(process.isAlive()).isFalse();
        assertThat(pidFile).doesNotExist();
        stranger.destroyForcibly();
        stranger.onExit().join();
    }

    @Test
    void aHalfWrittenPidFileMeansThatNothingRuns() throws Exception {
        Files.createDirectories(layout.run());
        Files.writeString(layout.run().resolve("sleeper.pid"), "12");

        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void itsLastWordsAreQuoted() {
        process.start(new JvmCommand(List.of(), List.of("."), "no.such.Main", List.of(), Map.of()));
        process.pid()
                .ifPresent(pid -> ProcessHandle.of(pid)
                        .ifPresent(handle -> handle.onExit().join()));

        assertThat(process.lastWords()).contains("no.such.Main").contains("sleeper.out");
    }

    private JvmCommand sleeper() {
        String classes = Path.of("target/test-classes").toAbsolutePath().toString();
        return new JvmCommand(List.of("-Xmx16m"), List.of(classes), Sleeper.class.getName(), List.of(), Map.of());
    }

    private static void signal(String name, long pid) throws Exception {
        Process kill = new ProcessBuilder("/bin/kill", "-" + name, String.valueOf(pid)).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Runs until it is told to end. */
    static final class Sleeper {

        private Sleeper() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("asleep");
            new CountDownLatch(1).await();
        }
    }
}
