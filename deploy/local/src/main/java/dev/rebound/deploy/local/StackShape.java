package dev.rebound.deploy.local;

import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which processes make up the stack. Kept in a file, so that a later command knows what was started. */
public enum StackShape {
    /** One of each, and two TaskManagers. A process that dies stays dead. */
    SINGLE,

    /**
     * Two JobManagers that elect their leader by ZooKeeper, and a watchdog that starts again what died. One TaskManager
     * of the two can hold the whole job, so that its slots are spare.
     */
    HIGHLY_AVAILABLE;

    static StackShape of(StackLayout layout) {
        return Files.exists(marker(layout)) ? HIGHLY_AVAILABLE : SINGLE;
    }

    void save(StackLayout layout) {
        try {
            Files.createDirectories(layout.run());
            if (this == HIGHLY_AVAILABLE) {
                Files.writeString(marker(layout), "two JobManagers and ZooKeeper\n");
            } else {
                Files.deleteIfExists(marker(layout));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + marker(layout), e);
        }
    }

    private static Path marker(StackLayout layout) {
        return layout.run().resolve("highly-available");
    }
}
