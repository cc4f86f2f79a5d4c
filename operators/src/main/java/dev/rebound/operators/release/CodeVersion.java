package dev.rebound.operators.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which code this is: the project's version, and the commit where it was built from a checkout. */
public final class CodeVersion {
    /** Such as {@code 0.1.0-SNAPSHOT+8ca4fe3}. */
    public static final String CURRENT = read();

    private CodeVersion() {}

    private static String read() {
        Properties build = new Properties();
        try (InputStream in = CodeVersion.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties of this jar cannot be read", e);
        }
        String commit = build.getProperty("commit");
        // Unknown where it was built from an archive of the sources.
        return build.getProperty("version") + (commit.equals("unknown") ? "" : "+" + commit);
    }
}
