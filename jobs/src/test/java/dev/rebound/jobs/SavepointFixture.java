package dev.rebound.jobs;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A savepoint that a version of the code made, in {@code src/test/resources/savepoints/VERSION}, and the event counts of the
 * users in it.
 */
record SavepointFixture(Path folder) {
    private static final Path ALL = Path.of("src/test/resources/savepoints");
    private static final String COUNTS = "counts.properties";

    static List<String> versions() {
        try (Stream<Path> folders = Files.list(ALL)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SavepointFixture of(String version) {
        return new SavepointFixture(ALL.resolve(version).toAbsolutePath());
    }

    String path() {
        return folder.toUri().toString();
    }

    Map<String, Map<String, Long>> countsByUser() throws IOException {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve(COUNTS))) {
            read.load(reader);
        }
        Map<String, Map<String, Long>> counts = new HashMap<>();
        for (String name : read.stringPropertyNames()) {
            String[] userAndType = name.split("/", 2);
            counts.computeIfAbsent(userAndType[0], user -> new HashMap<>())
                    .put(userAndType[1], Long.valueOf(read.getProperty(name)));
        }
        return counts;
    }

    /** Keeps the only file of a canonical savepoint, into which all state that is small goes. */
    void keep(Path savepoint, Map<String, Map<String, Long>> countsByUser) throws IOException {
        Files.createDirectories(folder);
        Files.copy(savepoint.resolve("_metadata"), folder.resolve("_metadata"));
        Properties written = new Properties();
        countsByUser.forEach((user, counts) ->
                counts.forEach((type, count) -> written.setProperty(user + "/" + type, Long.toString(count))));
        try (Writer writer = Files.newBufferedWriter(folder.resolve(COUNTS))) {
            written.store(writer, null);
        }
    }
}
