package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.savepoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/** Where the primary's inputs ended when they were last seen. */
record PrimaryEnds(Instant seenAt, List<PartitionOffset> ends) {
    private static final String FILE = "primary-ends.json";

    static void write(Path root, PrimaryEnds ends) {
        try {
            file(root).getFileSystem().mkdirs(file(root).getParent());
            JsonFile.write(file(root), ends);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file(root), e);
        }
    }

    /** Empty where the primary was never looked at. */
    static Optional<PrimaryEnds> read(Path root) {
        try {
            return JsonFile.find(file(root), PrimaryEnds.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file(root) + ": " + e.getMessage(), e);
        }
    }

    /** Beside the records of the copies, and none of them. */
    private static Path file(Path root) {
        return new Path(new Path(root, "standby-primary"), FILE);
    }
}
