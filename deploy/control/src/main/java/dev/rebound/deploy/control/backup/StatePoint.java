package dev.rebound.deploy.control.backup;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A savepoint or checkpoint that a job can be started from: it has its metadata, and all that refers to is there.
 *
 * @param folder relative to the root
 * @param files all that it needs, relative to the root
 */
record StatePoint(String folder, Set<String> files) {
    static final String METADATA = "_metadata";
    private static final String CHECKPOINT_FOLDER = "chk-";

    /** Every savepoint below a folder. */
    static List<StatePoint> savepoints(FrozenFolder folder, Consumer<String> skipped) throws IOException {
        List<StatePoint> points = new ArrayList<>();
        for (String point : foldersWithMetadata(folder)) {
            read(folder, point, skipped)
                    .filter(whole -> isAlone(whole, skipped))
                    .ifPresent(points::add);
        }
        return points;
    }

    /** The newest whole checkpoint of each job below a folder, which has {@code JOB/chk-N} in it. */
    static List<StatePoint> checkpoints(FrozenFolder folder, Consumer<String> skipped) throws IOException {
        Map<String, List<String>> byJob = foldersWithMetadata(folder).stream()
                .filter(point -> name(point).matches(CHECKPOINT_FOLDER + "\\d+"))
                .collect(Collectors.groupingBy(StatePoint::parent, TreeMap::new, Collectors.toList()));
        List<StatePoint> points = new ArrayList<>();
        for (List<String> checkpoints : byJob.values()) {
            List<String> newestFirst = checkpoints.stream()
                    .sorted(Comparator.comparingLong(StatePoint::number).reversed())
                    .toList();
            for (String checkpoint : newestFirst) {
                Optional<StatePoint> point = read(folder, checkpoint, skipped);
                if (point.isPresent()) {
                    points.add(point.get());
                    break;
                }
            }
        }
        return points;
    }

    /** What is without metadata is not complete, or was begun to be deleted. */
    private static List<String> foldersWithMetadata(FrozenFolder folder) throws IOException {
        return folder.files().stream()
                .filter(file -> file.getPath().getName().equals(METADATA))
                .map(file -> parent(folder.relative(file)))
                .toList();
    }

    private static Optional<StatePoint> read(FrozenFolder root, String folder, Consumer<String> skipped)
            throws IOException {
        Set<Path> referred;
        try (InputStream metadata = root.volume().files().open(root.at(folder + "/" + METADATA))) {
            referred = CheckpointReferences.of(metadata, new Path(root.root(), folder));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            // Flink's reader answers damaged bytes with whatever they lead it to.
            skipped.accept(root.root() + "/" + folder + ": its metadata can't be read: " + e.getMessage());
            return Optional.empty();
        }
        Set<String> files = new TreeSet<>();
        for (FileStatus file : root.filesBelow(folder)) {
            files.add(root.relative(file));
        }
        for (Path file : referred) {
            Optional<String> path = root.relative(file);
            if (path.isEmpty() || !root.volume().files().exists(root.at(path.get()))) {
                skipped.accept(root.root() + "/" + folder + ": it needs " + file + ", which is not there"
                        + (path.isEmpty() ? " below " + root.root() : ""));
                return Optional.empty();
            }
            files.add(path.get());
        }
        return Optional.of(new StatePoint(folder, files));
    }

    /** A savepoint that refers to files elsewhere could not be restored elsewhere. */
    private static boolean isAlone(StatePoint point, Consumer<String> skipped) {
        Optional<String> outside = point.files().stream()
                .filter(file -> !file.startsWith(point.folder() + "/"))
                .findFirst();
        outside.ifPresent(file -> skipped.accept(point.folder() + ": it needs " + file + " outside of its folder"));
        return outside.isEmpty();
    }

    private static long number(String checkpoint) {
        return Long.parseLong(name(checkpoint).substring(CHECKPOINT_FOLDER.length()));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
