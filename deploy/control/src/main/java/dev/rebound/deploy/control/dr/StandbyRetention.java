package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.backup.CheckpointReferences;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * Which copies of checkpoints a standby keeps: every one that is newer than the newest whose outputs have all arrived, which
 * is what a take-over would start from now, that one, and some before it in case it turns out to be bad.
 */
final class StandbyRetention {
    private static final int SPARE = 2;
    private static final String METADATA = "_metadata";

    private final StandbyCatalog catalog;
    private final FileSystem files;

    StandbyRetention(StandbyCatalog catalog, FileSystem files) {
        this.catalog = catalog;
        this.files = files;
    }

    void prune(Map<TopicPartition, Long> arrived) throws IOException {
        List<StandbyPoint> newestFirst = catalog.all();
        List<StandbyPoint> unneeded = unneeded(newestFirst, arrived);
        if (unneeded.isEmpty()) {
            return;
        }
        List<StandbyPoint> kept = new ArrayList<>(newestFirst);
        kept.removeAll(unneeded);
        // The record first: a copy of which a part is gone must not be chosen.
        unneeded.forEach(catalog::remove);
        Set<String> needed = new HashSet<>();
        for (StandbyPoint point : kept) {
            needed.addAll(filesOf(point));
        }
        for (Path job :
                unneeded.stream().map(point -> path(point.folder()).getParent()).collect(Collectors.toSet())) {
            deleteAllBut(needed, job);
        }
    }

    static List<StandbyPoint> unneeded(List<StandbyPoint> newestFirst, Map<TopicPartition, Long> arrived) {
        List<StandbyPoint> usable = newestFirst.stream()
                .filter(point -> TakeOverPoint.hasArrived(point, arrived))
                .toList();
        if (usable.size() <= SPARE) {
            return List.of();
        }
        StandbyPoint oldestKept = usable.get(SPARE);
        return newestFirst.subList(newestFirst.indexOf(oldestKept) + 1, newestFirst.size());
    }

    private Set<String> filesOf(StandbyPoint point) throws IOException {
        Path folder = path(point.folder());
        Path metadata = new Path(folder, METADATA);
        Set<String> needed = new HashSet<>(Set.of(metadata.toString()));
        try (InputStream in = files.open(metadata)) {
            for (Path file : CheckpointReferences.of(in, new Path(point.folder()))) {
                needed.add(Path.getPathWithoutSchemeAndAuthority(file).toString());
            }
        }
        return needed;
    }

    private void deleteAllBut(Set<String> needed, Path folder) throws IOException {
        for (FileStatus file : FolderFiles.oldestFirst(files, folder)) {
            Path path = Path.getPathWithoutSchemeAndAuthority(file.getPath());
            if (!needed.contains(path.toString())) {
                files.delete(path, false);
            }
        }
        for (FileStatus child : files.listStatus(folder)) {
            if (child.isDirectory() && files.listStatus(child.getPath()).length == 0) {
                files.delete(child.getPath(), false);
            }
        }
    }

    private static Path path(String folder) {
        return Path.getPathWithoutSchemeAndAuthority(new Path(folder));
    }
}
