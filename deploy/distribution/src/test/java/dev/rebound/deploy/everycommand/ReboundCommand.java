package dev.rebound.deploy.everycommand;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The {@code rebound} command of the assembled distribution, in a process of its own, on one site.
 *
 * @param folder where it keeps what a user's machine keeps, and where its output is kept
 * @param siteFile of {@code --site}
 * @param environment secrets that the site file refers to
 */
record ReboundCommand(Path folder, Path siteFile, Map<String, String> environment) {
    private static final Path SCRIPT = Path.of("target/rebound/bin/rebound").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(8);

    /** How a command ended. */
    record Ended(String line, int exit, String out, String err, Duration took) {
        /** What it printed, which has to be one line of JSON. */
        JsonNode json() throws IOException {
            return JSON.readTree(out);
        }
    }

    /** Runs a command that has to succeed, and returns its result. */
    JsonNode result(String... arguments) throws IOException, InterruptedException {
        Ended ended = run(arguments);
        assertThat(ended.exit()).as("exit code of %s", ended).isZero();
        return ended.json();
    }

    /** Runs a command to its end. */
    Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(SCRIPT.toString(), "--site", siteFile.toString()));
        int ofTheJob = List.of(arguments).indexOf("--");
        line.addAll(List.of(arguments).subList(0, ofTheJob < 0 ? arguments.length : ofTheJob));
        line.add("--json");
        if (ofTheJob >= 0) {
            line.addAll(List.of(arguments).subList(ofTheJob, arguments.length));
        }
        Path out = Files.createTempFile(folder, "command-", ".out");
        Path err = Files.createTempFile(folder, "command-", ".err");
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(FLINK|HADOOP)_.*"));
        builder.environment().putAll(environment);
        builder.environment().put("REBOUND_VAR", folder.resolve("var").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long begun = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(String.join(" ", line) + " did not end within " + LIMIT.toSeconds()
                    + " s; it wrote:\n" + Files.readString(out) + Files.readString(err));
        }
        Ended ended = new Ended(
                "rebound " + String.join(" ", line.subList(1, line.size())),
                process.exitValue(),
                Files.readString(out),
                Files.readString(err),
                Duration.ofNanos(System.nanoTime() - begun));
        System.out.printf(
                "%s: %d after %.1f s%n%s%s%n",
                ended.line(), ended.exit(), ended.took().toMillis() / 1e3, ended.err(), ended.out());
        return ended;
    }

    /** The same on another site. */
    ReboundCommand on(Path otherSiteFile) {
        return new ReboundCommand(folder, otherSiteFile, environment);
    }
}
