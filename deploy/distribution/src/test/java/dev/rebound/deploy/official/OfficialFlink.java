package dev.rebound.deploy.official;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * An unpacked official Flink 2.2.1, which no test changes: {@link InstalledFlink#install} makes one that may be.
 *
 * @param home its folder, with bin, conf, lib and plugins
 */
public record OfficialFlink(Path home) {
    static final String VERSION = "2.2.1";

    /** Names an unpacked distribution to use. */
    public static final String HOME_VARIABLE = "REBOUND_TEST_FLINK_HOME";

    public OfficialFlink {
        Path dist = home.resolve("lib/flink-dist-" + VERSION + ".jar");
        if (!Files.isRegularFile(dist) || !Files.isExecutable(home.resolve("bin/flink"))) {
            throw new IllegalArgumentException(home + " is no Flink " + VERSION + ": " + dist
                    + " or an executable bin/flink is missing. Set " + HOME_VARIABLE
                    + " to the folder of an unpacked one, or unset it and delete that folder to have it fetched.");
        }
    }

    /**
     * The distribution that {@value #HOME_VARIABLE} names, else the one in the user's cache folder, else one that is now
     * fetched into it. Skips the test, and says why, where there is none to be had.
     *
     * @throws IllegalArgumentException if {@value #HOME_VARIABLE} names something else
     */
    public static OfficialFlink orSkip() {
        String named = System.getenv(HOME_VARIABLE);
        if (named != null && !named.isBlank()) {
            return new OfficialFlink(Path.of(named).toAbsolutePath());
        }
        Path home = cache().resolve("rebound-tests").resolve("flink-" + VERSION);
        if (!Files.isDirectory(home)) {
            try {
                FlinkDownload.into(home);
            } catch (FlinkDownload.UnavailableException e) {
                Assumptions.abort("There is no official Flink " + VERSION + " in " + home
                        + ", and it can't be fetched: " + e.getMessage() + ". Install pip, or unpack flink-" + VERSION
                        + "-bin-scala_2.12.tgz and set " + HOME_VARIABLE + " to its folder.");
            } catch (IOException e) {
                throw new UncheckedIOException("Can't unpack the official Flink into " + home, e);
            }
        }
        return new OfficialFlink(home);
    }

    /** Outside of target/, where the next clean would delete what took minutes to fetch. */
    private static Path cache() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .toAbsolutePath();
    }
}
