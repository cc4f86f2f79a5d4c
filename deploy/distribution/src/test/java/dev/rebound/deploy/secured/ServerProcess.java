package dev.rebound.deploy.secured;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server of the assembled distribution, as a process that ends when this is closed, or with the test's JVM. */
final class ServerProcess implements AutoCloseable {
    private static final Path HOME = Path.of("target/rebound").toAbsolutePath();
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final String name;
    private final Path output;
    private final Process process;
    private final Thread atExit;

    private ServerProcess(String name, Path output, Process process) {
        this.name = name;
        this.output = output;
        this.process = process;
        this.atExit = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * What to run.
     *
     * @param name of its logs
     * @param lib folder of its jars in the distribution's {@code lib}
     * @param classPath what comes before the jars, or null
     */
    record Command(
            String name,
            String lib,
            @Nullable Path classPath,
            List<String> flags,
            String mainClass,
            List<String> arguments) {

        private List<String> line(Path logs) {
            String configuration =
                    HOME.resolve("conf/log4j2.properties").toUri().toString();
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(flags);
            line.add("-Dlog.file=" + logs.resolve(name + ".log"));
            line.add("-Dlog4j.configurationFile=" + configuration);
            line.add("-Dlog4j2.configurationFile=" + configuration);
            line.add("-cp");
            String jars = HOME.resolve("lib").resolve(lib) + "/*";
            line.add(classPath == null ? jars : classPath + File.pathSeparator + jars);
            line.add(mainClass);
            line.addAll(arguments);
            return line;
        }
    }

    /** Starts it; its logs are in the folder. */
    static ServerProcess start(Path logs, Command command) {
        try {
            Path output = Files.createDirectories(logs).resolve(command.name() + ".out");
            Process process = new ProcessBuilder(command.line(logs))
                    .directory(logs.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new ServerProcess(command.name(), output, process);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't start " + command.name(), e);
        }
    }

    /**
     * Runs it to its end.
     *
     * @throws IllegalStateException if it fails, or takes longer than a minute
     */
    static void run(Path logs, Command command) {
        try (ServerProcess running = start(logs, command)) {
            if (!running.process.waitFor(1, TimeUnit.MINUTES) || running.process.exitValue() != 0) {
                throw running.failed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + command.name() + " ran", e);
        }
    }

    /** Whether something listens on a port of this machine. */
    static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws IllegalStateException with what it wrote, if it has ended: who waits for it would wait in vain */
    void requireAlive() {
        if (!process.isAlive()) {
            throw failed();
        }
    }

    private IllegalStateException failed() {
        try {
            return new IllegalStateException(name + (process.isAlive() ? " runs on" : " ended") + ". Its logs are in "
                    + output.getParent() + ". It wrote:\n" + Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
