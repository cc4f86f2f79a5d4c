package dev.rebound.deploy.site;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what a setting refers to instead of holding it: {@code ${env:NAME}}, {@code ${file:PATH:KEY}} in a file of
 * properties, or {@code ${dir:PATH:FILE}}, the whole of a file. As in Kafka's own clients.
 */
final class Secrets {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file|dir):(?:([^:}]*):)?([^:}]+)}");

    private Secrets() {}

    /**
     * @param setting that holds the value, for the error
     * @param value with or without references
     */
    static String resolved(String setting, String value) {
        Matcher matcher = REFERENCE.matcher(value);
        return matcher.replaceAll(found -> {
            String secret = lookUp(setting, found.group(1), found.group(2), found.group(3));
            if (secret == null) {
                throw new CommandFailedException(
                        setting + " of the site refers to " + found.group() + ", which is not there");
            }
            return Matcher.quoteReplacement(secret);
        });
    }

    private static @Nullable String lookUp(String setting, String kind, @Nullable String path, String key) {
        if (kind.equals("env")) {
            return System.getenv(key);
        }
        if (path == null) {
            throw new CommandFailedException(setting + " of the site: write ${" + kind + ":PATH:"
                    + (kind.equals("file") ? "KEY" : "FILE") + "}");
        }
        Path file = kind.equals("file") ? Path.of(path) : Path.of(path, key);
        if (!Files.isReadable(file)) {
            return null;
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            if (kind.equals("dir")) {
                return Files.readString(file).strip();
            }
            Properties properties = new Properties();
            properties.load(reader);
            return properties.getProperty(key);
        } catch (IOException e) {
            throw new CommandFailedException(setting + " of the site refers to " + file + ", which can't be read", e);
        }
    }
}
