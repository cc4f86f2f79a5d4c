package dev.rebound.deploy.control.dr;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rebound.deploy.control.savepoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/** The records of all copies that a standby has, in {@code standby/} of its root; the newest first. */
final class StandbyCatalog {
    private final Path root;
    private final Path folder;

    /** @param root of the standby's files */
    StandbyCatalog(Path root) {
        this.root = root;
        this.folder = new Path(root, "standby");
    }

    /** Those of the newest epoch: an earlier one's are of before the primary had the job, or had it again. */
    List<StandbyPoint> points() {
        List<StandbyPoint> all = all();
        long newest = all.stream().mapToLong(StandbyPoint::epoch).max().orElse(0);
        return all.stream().filter(point -> point.epoch() == newest).toList();
    }

    /**
     * Those of {@link #points} that a take-over may start from once their outputs have arrived. Where this site was the primary
     * before: those by which the other one had read all that it was sent again.
     */
    List<StandbyPoint> usable() {
        return points().stream()
                .filter(point -> rejoined(point)
                        .map(rejoined -> rejoined.isBefore(point))
                        .orElse(true))
                .toList();
    }

    /** How this site stood when it began to stand by in the epoch of that copy; empty where it was no primary before. */
    Optional<RejoinPoint> rejoined(StandbyPoint point) {
        return RejoinPoint.read(root, point.epoch());
    }

    List<StandbyPoint> all() {
        List<StandbyPoint> points = new ArrayList<>();
        read(points, new ArrayList<>());
        points.sort(Comparator.comparing(StandbyPoint::triggeredAt)
                .thenComparing(StandbyPoint::checkpointId)
                .reversed());
        return points;
    }

    /** A damaged record makes its copy unusable, and no other. */
    List<Path> damaged() {
        List<Path> damaged = new ArrayList<>();
        read(new ArrayList<>(), damaged);
        return damaged;
    }

    private void read(List<StandbyPoint> points, List<Path> damaged) {
        try {
            for (Path record : JsonFile.in(folder)) {
                try {
                    JsonFile.find(record, StandbyPoint.class).ifPresent(points::add);
                } catch (JsonProcessingException e) {
                    damaged.add(record);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the records of copies in " + folder, e);
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
