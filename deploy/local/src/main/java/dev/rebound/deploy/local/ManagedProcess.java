package dev.rebound.deploy.local;

import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A process that outlives the command that started it, known by its pid file.
 *
 * <p>The pid file holds the pid and the instant of the process's start. A pid that the system has given to another
 * process since is therefore never taken for ours, and never killed.
 */
public final class ManagedProcess {

    /** The system derives a start instant from its boot time, which a clock adjustment moves a little. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(3);

    private final String name;
    private final Path pidFile;
    private final Path logFile;
    private final Path outFile;

    ManagedProcess(StackLayout layout, String name) {
        this.name = name;
        this.pidFile = layout.run().resolve(name + ".pid");
        this.logFile = layout.logs().resolve(name + ".log");
        this.outFile = layout.logs().resolve(name + ".out");
    }

    public String name() {
        return name;
    }

    public Path logFile() {
        return logFile;
    }

    public boolean isAlive() {
        return handle().isPresent();
    }

    /** Whether it was started and not stopped since; it may have died. */
    boolean wasStarted() {
        return Files.exists(pidFile);
    }

    /** Empty when the process does not run. */
    public OptionalLong pid() {
        return handle().map(ProcessHandle::pid).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /** Empty when the process does not run. */
    Optional<Instant> startedAt() {
        return handle().map(ManagedProcess::startOf);
    }

    /** Starts the process detached from this one: no inherited streams, no reaction to the terminal's Ctrl-C. */
    void start(JvmCommand command) {
        // An ignored signal stays ignored over exec, and the JVM then leaves it alone; the pid stays the shell's.
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "rebound"));
        line.addAll(command.line());
        try {
            Files.createDirectories(pidFile.getParent());
            Files.createDirectories(outFile.getParent());
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(outFile.getParent().toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(outFile.toFile());
            builder.environment().putAll(command.environment());
            record(builder.start().toHandle());
        } catch (IOException e) {
            throw new StackException(
                    "Can't start " + name + " with " + line.get(4) + "; its pid file is to be " + pidFile, e);
        }
    }

    /** A process that no later command would know of must not go on. */
    private void record(ProcessHandle handle) throws IOException {
        try {
            Files.writeString(pidFile, handle.pid() + " " + startOf(handle).toEpochMilli() + "\n");
        } catch (IOException e) {
            handle.destroyForcibly();
            throw e;
        }
    }

    /** Asks the process to end; {@link #awaitEnd} waits for it. Does nothing when it does not run. */
    void terminate() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /** Ends the process with SIGKILL and waits until it is gone: what a test of a crash wants. */
    public void kill() {
        handle().ifPresent(handle -> {
            handle.destroyForcibly();
            if (!ended(handle, Duration.ofSeconds(10))) {
                throw new StackException(name + " (pid " + handle.pid() + ") is still there after SIGKILL.");
            }
        });
    }

    /** Lets the process die as on a fault in native code, with SIGSEGV, and waits until it is gone. */
    public void crash() {
        handle().ifPresent(handle -> {
            signal("SEGV");
            if (!ended(handle, Duration.ofSeconds(30))) {
                throw new StackException(name + " (pid " + handle.pid() + ") is still there after SIGSEGV.");
            }
        });
    }

    /** Stops the process with SIGSTOP until {@link #thaw}: it neither works nor ends, as one that hangs. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen process go on. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        long pid = pid().orElseThrow(() -> new StackException(name + " does not run, so that it can't get " + signal));
        try {
            int exit = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new StackException("kill -" + signal + " " + pid + " of " + name + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new StackException("Can't send " + signal + " to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while sending " + signal + " to " + name, e);
        }
    }

    /** Waits for the end after {@link #terminate}, kills when it takes longer than the grace, removes the pid file. */
    void awaitEnd(Duration grace) {
        Optional<ProcessHandle> running = handle();
        if (running.isPresent() && !ended(running.get(), grace)) {
            kill();
        }
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove " + pidFile, e);
        }
    }

    /** The end of what the process wrote, for an error message. */
    String lastWords() {
        StringBuilder words = new StringBuilder();
        for (Path file : List.of(logFile, outFile)) {
            List<String> tail = tail(file, 12);
            if (!tail.isEmpty()) {
                words.append("\nThe last lines of ").append(file).append(":\n    ");
                words.append(String.join("\n    ", tail));
            }
        }
        return words.isEmpty() ? "It wrote nothing into " + logFile + " and " + outFile + "." : words.toString();
    }

    private Optional<ProcessHandle> handle() {
        try {
            String[] recorded = Files.readString(pidFile).trim().split(" ");
            Instant start = Instant.ofEpochMilli(Long.parseLong(recorded[1]));
            return ProcessHandle.of(Long.parseLong(recorded[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(handle ->
                            Duration.between(start, startOf(handle)).abs().compareTo(CLOCK_TOLERANCE) < 0);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // No pid file, or half of one: nothing that could be ours runs.
            return Optional.empty();
        }
    }

    private static Instant startOf(ProcessHandle handle) {
        return handle.info().startInstant().orElse(Instant.EPOCH);
    }

    private static boolean ended(ProcessHandle handle, Duration patience) {
        try {
            handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while waiting for pid " + handle.pid() + " to end", e);
        } catch (ExecutionException e) {
            throw new StackException("Can't wait for pid " + handle.pid(), e);
        }
    }

    private static List<String> tail(Path file, int lines) {
        try (Stream<String> all = Files.lines(file)) {
            List<String> read = all.filter(line -> !line.isBlank()).toList();
            return read.subList(Math.max(0, read.size() - lines), read.size());
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
