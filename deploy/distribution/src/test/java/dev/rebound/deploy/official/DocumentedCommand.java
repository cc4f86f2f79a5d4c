package dev.rebound.deploy.official;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A command of {@value #PAGE}, to be run as typed there, from the root of the sources.
 *
 * @param line with the lines that it goes on in
 */
record DocumentedCommand(String line) {
    private static final String PAGE = "docs/clusters.md";
    private static final Path SOURCES = Path.of("../..").toAbsolutePath().normalize();

    /** The only command under a heading that begins so. */
    static DocumentedCommand under(String heading, String beginning) throws IOException {
        String page = Files.readString(SOURCES.resolve(PAGE));
        int start = page.indexOf("\n" + heading + "\n");
        if (start < 0) {
            throw new IOException(PAGE + " has no heading " + heading);
        }
        int end = page.indexOf("\n#", start + heading.length());
        List<String> found = page.substring(start, end < 0 ? page.length() : end)
                .replaceAll("\\\\\n\\s*", "")
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(beginning))
                .toList();
        if (found.size() != 1) {
            throw new IOException(PAGE + " is to have one command that begins with '" + beginning + "' under " + heading
                    + ", and has " + found);
        }
        return new DocumentedCommand(found.get(0));
    }

    /** With an address of the example changed to the real one. */
    DocumentedCommand with(String example, String real) {
        if (!line.contains(example)) {
            throw new IllegalStateException("The command of " + PAGE + " has no " + example + ": " + line);
        }
        return new DocumentedCommand(line.replace(example, real));
    }

    /** Runs it in a shell of a user of that Flink, and returns what it writes. */
    String run(InstalledFlink flink) throws IOException, InterruptedException {
        Process process = flink.process(List.of("bash", "-c", line))
                .directory(SOURCES.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(line + " ended with " + process.exitValue() + " and wrote:\n" + output);
        }
        return output;
    }
}
