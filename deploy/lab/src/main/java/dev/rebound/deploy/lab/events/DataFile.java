package dev.rebound.deploy.lab.events;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A text file, compressed if its name ends in {@code .gz}. */
record DataFile(Path path) {
    private static final int BUFFER_BYTES = 1 << 16;

    String name() {
        return path.getFileName().toString();
    }

    BufferedReader open() {
        try {
            InputStream bytes = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
            InputStream plain = name().endsWith(".gz") ? new GZIPInputStream(bytes, BUFFER_BYTES) : bytes;
            return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    CommandFailedException unreadable(Exception cause) {
        return new CommandFailedException(
                "Can't read " + path + ": " + cause + ". Check the path and the file.", cause);
    }
}
