package dev.rebound.deploy.gateway.settings;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the gateway. The file has a line for each key: a name, blanks, and the SHA-256 of the key in hexadecimal digits, so
 * that who reads the file has no key. Empty lines, and those that begin with #, are left out.
 */
public final class ApiKeys {
    private final @Nullable Map<String, String> nameBySum;

    private ApiKeys(@Nullable Map<String, String> nameBySum) {
        this.nameBySum = nameBySum;
    }

    /** Anybody may. */
    public static ApiKeys none() {
        return new ApiKeys(null);
    }

    /** @throws CommandFailedException naming the line that is wrong */
    public static ApiKeys read(Path file) {
        Map<String, String> names = new HashMap<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                String[] parts = line.strip().split("\\s+");
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                if (parts.length != 2 || !parts[1].matches("[0-9a-fA-F]{64}")) {
                    throw new CommandFailedException("Line " + number + " of " + file
                            + " must be a name and the SHA-256 of a key: printf %s KEY | sha256sum");
                }
                names.put(parts[1].toLowerCase(java.util.Locale.ROOT), parts[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The file of API keys can't be read", e);
        }
        if (names.isEmpty()) {
            throw new CommandFailedException("There is no key in " + file + ", so that nobody could use the gateway");
        }
        return new ApiKeys(names);
    }

    /** Whether a key is asked for. */
    public boolean areAsked() {
        return nameBySum != null;
    }

    /** Whose key it is; empty if it is nobody's. */
    public Optional<String> ownerOf(@Nullable String key) {
        if (nameBySum == null) {
            return Optional.of("anybody");
        }
        // Found by its sum: how long that takes tells nothing of the key.
        return key == null ? Optional.empty() : Optional.ofNullable(nameBySum.get(sum(key)));
    }

    private static String sum(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
