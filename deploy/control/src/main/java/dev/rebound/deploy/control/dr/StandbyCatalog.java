package dev.rebound.deploy.control.dr;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rebound.deploy.control.savepoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.core.fs.Path;

/** The records of all copies that a standby has, in {@code standby/} of its root; the newest first. */
final class StandbyCatalog {
    private final Path folder;

    /** @param root of the standby's files */
    StandbyCatalog(Path root) {
        this.folder = new Path(root, "standby");
    }

    List<StandbyPoint> points() {
        try {
            List<StandbyPoint> points = new ArrayList<>();
            for (Path record : JsonFile.in(folder)) {
                read(record, points);
            }
            points.sort(Comparator.comparing(StandbyPoint::triggeredAt)
                    .thenComparing(StandbyPoint::checkpointId)
                    .reversed());
            return points;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the records of copies in " + folder, e);
        }
    }

    /** A damaged record makes its copy unusable, and no other. */
    private static void read(Path record, List<StandbyPoint> points) throws IOException {
        try {
            JsonFile.find(record, StandbyPoint.class).ifPresent(points::add);
        } catch (JsonProcessingException e) {
            return;
        }
    }

    void write(StandbyPoint point) {
        try {
            folder.getFileSystem().mkdirs(folder);
            JsonFile.write(record(point), point);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + record(point), e);
        }
    }

    void remove(StandbyPoint point) {
        try {
            folder.getFileSystem().delete(record(point), false);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete " + record(point), e);
        }
    }

    private Path record(StandbyPoint point) {
        return new Path(folder, point.id() + ".json");
    }
}
