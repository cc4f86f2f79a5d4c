package dev.rebound.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
    private static final Pattern FILLED = Pattern.compile("<distribution.lib>(.*)</distribution.lib>");

    /** A folder of libraries that is not there is no error to Java: the watchdog would just not start. */
    @Test
    void itsLibrariesAreThoseThatTheDistributionFills(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("lib/kafka"));

        List<String> classPath = new Watchdog(new StackLayout(folder, folder), LocalStack.MAIN)
                .command()
                .classPath();

        List<String> filled;
        try (Stream<Path> poms = Files.find(Path.of(".."), 3, (file, any) -> file.endsWith("pom.xml"))) {
            filled = poms.flatMap(WatchdogTest::filled)
                    .map(library -> folder.resolve("lib").resolve(library) + "/*")
                    .toList();
        }
        assertThat(filled).contains(folder.resolve("lib/kafka") + "/*");
        assertThat(filled).containsAll(classPath);
    }

    private static Stream<String> filled(Path pom) {
        try {
            return FILLED.matcher(Files.readString(pom)).results().map(found -> found.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
