package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code rebound} command as an operator gives it, in a process of its own: what it takes to start counts, and it can be
 * killed.
 */
final class ReboundProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path out;
    private final Path err;
    private final String line;

    private ReboundProcess(Process process, Path out, Path err, String line) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.line = line;
    }

    /** @param main layout of the main stack of the folder that both sites are in */
    static ReboundProcess start(StackLayout main, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(main.home().resolve("bin/rebound").toString()));
        command.addAll(List.of(arguments));
        command.add("--json");
        String line = "rebound " + String.join(" ", arguments);
        try {
            Files.createDirectories(main.logs());
            Path out = Files.createTempFile(main.logs(), "drill-", ".out");
            Path err = Files.createTempFile(main.logs(), "drill-", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().put("REBOUND_VAR", main.var().toString());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            return new ReboundProcess(builder.start(), out, err, line);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't start `" + line + "`", e);
        }
    }

    /** Waits until it has done what it was told, and returns what it printed. */
    JsonNode answer(Duration patience) {
        return answer(patience, 0);
    }

    /** @param mostExitCode 1 where that is an answer too */
    JsonNode answer(Duration patience, int mostExitCode) {
        if (awaitEnd(patience) > mostExitCode) {
            throw new CommandFailedException(
                    "`" + line + "` ended with " + process.exitValue() + ": " + text(err) + text(out));
        }
        try {
            return JSON.readTree(text(out));
        } catch (JsonProcessingException e) {
            throw new CommandFailedException("`" + line + "` printed no JSON: " + text(out), e);
        }
    }

    /** The exit code. */
    int awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new CommandFailedException(
                        "`" + line + "` has not ended after " + patience.toSeconds() + " s: " + text(err));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while `" + line + "` ran", e);
        }
    }

    /** What it said on the way. */
    String said() {
        return text(err);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() {
        process.destroyForcibly();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file, e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        awaitEnd(Duration.ofSeconds(20));
    }
}
