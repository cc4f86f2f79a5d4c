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

    /** Java would take a missing folder for an empty one: the watchdog would just not start. */
    @Test
    void itsLibrariesAreThoseThatTheDistributionFills(@TempDir Path folder) throws IOException {
        List<Path> filled;
        try (Stream<Path> poms = Files.find(Path.of(".."), 3, (file, any) -> file.endsWith("pom.xml"))) {
            filled = poms.flatMap(WatchdogTest::filled)
                    .map(folder.resolve("lib")::resolve)
                    .toList();
        }
        for (Path library : filled) {
            Files.createDirectories(library);
        }

        List<String> classPath = new Watchdog(new StackLayout(folder, folder), LocalStack.MAIN)
                .command()
                .classPath();

        assertThat(classPath)
                .hasSize(3)
                .allMatch(entry -> filled.contains(Path.of(entry).getParent()));
    }

    private static Stream<String> filled(Path pom) {
        try {
            return FILLED.matcher(Files.readString(pom)).results().map(found -> found.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
