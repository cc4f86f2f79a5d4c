package dev.rebound.operators.retraining;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@link SliceTraining} in a JVM of its own, of the same Java and class path as this one. The engine's gradient
 * collector is process-wide, and a trainer that runs out of memory takes nothing else along.
 *
 * @param heap most of the JVM's heap, such as {@code 1g}; libtorch takes about as much beside it
 * @param threads of each operation of the engine
 * @param limit after which it is killed
 */
public record TrainerProcess(String heap, int threads, Duration limit) implements Serializable {
    private static final int LAST_LINES = 12;
    private static final String LOG_FILE = "trainer.log";
    private static final String THREADS = "ai.djl.pytorch.num_threads";

    /** How this process was told to find the engine's libraries and to write records. */
    private static final List<String> PASSED_ON = List.of(
            "ai.djl.", "DJL_", "ENGINE_", "PYTORCH_", "org.apache.avro.", "java.io.tmpdir", "java.library.path");

    /**
     * Trains and waits; an interrupt kills the trainer.
     *
     * @param folder with the task
     * @throws IOException with the trainer's last words, if it fails or takes too long
     */
    SliceReport run(Path folder) throws IOException, InterruptedException {
        File log = folder.resolve(LOG_FILE).toFile();
        Process process = start(folder);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it took longer than " + limit.toSeconds()
                        + " s and was stopped; raise training.timeout or lower training.slice-examples."
                        + lastLines(log));
            }
            if (process.exitValue() != 0) {
                throw new IOException("it ended with exit code " + process.exitValue() + "." + lastLines(log));
            }
        } finally {
            process.destroyForcibly();
        }
        return SliceReport.read(folder);
    }

    /** The trainer, alive as long as its standard input is open. */
    Process start(Path folder) throws IOException {
        return new ProcessBuilder(command(folder))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(LOG_FILE).toFile())
                .start();
    }

    private List<String> command(Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-XX:+ExitOnOutOfMemoryError");
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> PASSED_ON.stream().anyMatch(name::startsWith) && !name.equals(THREADS))
                .sorted()
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.add("-D" + THREADS + "=" + threads);
        command.add("-cp");
        command.add(code() + File.pathSeparator + System.getProperty("java.class.path"));
        command.add(SliceTraining.class.getName());
        command.add(folder.toString());
        return command;
    }

    /** The job's jar: it is in the class loader of the job, and not in the class path of the TaskManager. */
    private static Path code() throws IOException {
        try {
            return Path.of(SliceTraining.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException("The job's jar is not a file: " + e.getMessage(), e);
        }
    }

    private static String lastLines(File log) throws IOException {
        List<String> lines = Files.readAllLines(log.toPath());
        return " It said last:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
