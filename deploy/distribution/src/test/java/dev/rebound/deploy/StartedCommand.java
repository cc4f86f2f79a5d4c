package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.site.StackLayout;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The {@code rebound} command of the assembled distribution, in a process of its own, for tests that end it before its end. */
final class StartedCommand implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Process process;
    private final Path out;
    private final Path err;

    private StartedCommand(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static StartedCommand start(StackLayout layout, String... arguments) throws IOException {
        Files.createDirectories(layout.var());
        Path out = Files.createTempFile(layout.var(), "command-", ".out");
        Path err = Files.createTempFile(layout.var(), "command-", ".err");
        List<String> line =
                new ArrayList<>(List.of(layout.home().resolve("bin/rebound").toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("REBOUND_VAR", layout.var().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new StartedCommand(builder.start(), out, err);
    }

    /** Waits until it has said something on standard error. */
    StartedCommand awaitSaid(String words) {
        return await(words, () -> err().contains(words));
    }

    /** Waits for a condition while it runs. */
    StartedCommand await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    assertThat(process.isAlive()).as("runs: %s", this).isTrue();
                    return condition.call();
                });
        return this;
    }

    /** Sends it a signal. */
    StartedCommand signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
        return this;
    }

    /** Waits for its end and returns its exit code. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("ends: %s", this)
                .isTrue();
        return process.exitValue();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return out() + err();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
