package dev.rebound.deploy.local;

import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The epoch of a stack's last take-over, where its ports are. */
record NotedEpoch(StackLayout layout) {
    private static final String FILE = "epoch";

    long read() {
        Path file = file();
        if (!Files.exists(file)) {
            return Site.FIRST_EPOCH;
        }
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            throw new StackException("Can't read the epoch of the stack from " + file + ": " + e.getMessage(), e);
        }
    }

    void write(long epoch) {
        try {
            Files.createDirectories(layout.run());
            Files.writeString(file(), Long.toString(epoch));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file(), e);
        }
    }

    private Path file() {
        return layout.run().resolve(FILE);
    }
}
