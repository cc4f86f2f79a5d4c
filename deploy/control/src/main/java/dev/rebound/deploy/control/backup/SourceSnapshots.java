package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Progress;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.SnapshotStatus;
import org.apache.hadoop.hdfs.protocol.SnapshottableDirectoryStatus;
import org.apache.hadoop.security.AccessControlException;

/**
 * Freezes folders that are to be copied: on HDFS by snapshots, which are deleted on {@link #close}. Folders below the same
 * snapshottable one are of the same moment.
 */
public final class SourceSnapshots implements AutoCloseable {
    private static final String NAME_PREFIX = "rebound-backup-";
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);

    private final Configuration hadoop;
    private final String name;
    private final Progress progress;
    private final Map<URI, Volume> volumes = new HashMap<>();
    private final Map<Path, DistributedFileSystem> taken = new LinkedHashMap<>();

    /** @param id of the backup, or of what else reads the folders */
    public SourceSnapshots(Configuration hadoop, String id, Progress progress) {
        this.hadoop = hadoop;
        this.name = NAME_PREFIX + id;
        this.progress = progress;
    }

    /**
     * @param roots may be on several file systems
     * @return by root, those that exist
     * @throws CommandFailedException if HDFS does not allow a snapshot
     */
    public Map<Path, FrozenFolder> freeze(List<Path> roots) throws IOException {
        Map<Path, FrozenFolder> frozen = new LinkedHashMap<>();
        Map<DistributedFileSystem, List<Path>> onHdfs = new LinkedHashMap<>();
        for (Path root : roots) {
            Volume volume = volumes.computeIfAbsent(root.toUri().resolve("/"), at -> Volume.of(new Path(at), hadoop));
            if (!volume.files().exists(root)) {
                progress.progress("there is no " + root + "; it is left out");
            } else if (volume.files() instanceof DistributedFileSystem hdfs) {
                onHdfs.computeIfAbsent(hdfs, files -> new ArrayList<>()).add(root);
            } else {
                frozen.put(root, new FrozenFolder(volume, root, root));
            }
        }
        for (Map.Entry<DistributedFileSystem, List<Path>> entry : onHdfs.entrySet()) {
            for (Path root : entry.getValue()) {
                Path at = snapshottable(entry.getKey(), root, entry.getValue());
                takeOnce(entry.getKey(), at);
                frozen.put(root, new FrozenFolder(volume(root), root, inSnapshot(at, root)));
            }
        }
        return frozen;
    }

    private Volume volume(Path root) {
        return volumes.get(root.toUri().resolve("/"));
    }

    private void takeOnce(DistributedFileSystem hdfs, Path at) throws IOException {
        if (taken.putIfAbsent(at, hdfs) == null) {
            try {
                hdfs.createSnapshot(at, name);
            } catch (IOException e) {
                taken.remove(at);
                throw e;
            }
            deleteLeftBehind(hdfs, at);
        }
    }

    private Path inSnapshot(Path at, Path root) {
        String path = root.toUri().getPath();
        String below = at.isRoot() ? path : path.substring(at.toUri().getPath().length());
        return new Path(at, ".snapshot/" + name + below);
    }

    /** The folder to take a snapshot of: one that allows it at or above the root, else one that is made to. */
    private Path snapshottable(DistributedFileSystem hdfs, Path root, List<Path> roots) throws IOException {
        Optional<Path> above = snapshottableAbove(hdfs, root);
        if (above.isPresent()) {
            return above.get();
        }
        boolean noneYet = true;
        for (Path other : roots) {
            noneYet = noneYet && snapshottableAbove(hdfs, other).isEmpty();
        }
        Path parent = common(roots);
        Path at = noneYet && !parent.isRoot() ? parent : new Path(root.toUri().getPath());
        try {
            hdfs.allowSnapshot(at);
        } catch (AccessControlException e) {
            throw new CommandFailedException(
                    "HDFS does not allow snapshots of " + root + ", and a folder that moves is not copied. Let its"
                            + " administrator run once: hdfs dfsadmin -allowSnapshot " + at,
                    e);
        }
        progress.progress("HDFS now allows snapshots of " + at);
        return at;
    }

    private static Optional<Path> snapshottableAbove(DistributedFileSystem hdfs, Path root) throws IOException {
        SnapshottableDirectoryStatus[] all = hdfs.getSnapshottableDirListing();
        String path = root.toUri().getPath() + Path.SEPARATOR;
        return all == null
                ? Optional.empty()
                : Arrays.stream(all)
                        .map(SnapshottableDirectoryStatus::getFullPath)
                        .filter(folder -> path.startsWith(
                                folder.isRoot() ? "/" : folder.toUri().getPath() + "/"))
                        .max(Comparator.comparingInt(Path::depth));
    }

    /** The deepest folder that all are in, or the only one. */
    static Path common(List<Path> roots) {
        List<String> first = names(roots.get(0));
        int length = first.size();
        for (Path root : roots) {
            List<String> names = names(root);
            int same = 0;
            while (same < Math.min(length, names.size()) && names.get(same).equals(first.get(same))) {
                same++;
            }
            length = same;
        }
        return new Path("/" + String.join("/", first.subList(0, length)));
    }

    private static List<String> names(Path path) {
        return Stream.of(path.toUri().getPath().split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** A process that was killed left its snapshot, which holds space. */
    private void deleteLeftBehind(DistributedFileSystem hdfs, Path at) throws IOException {
        long before = System.currentTimeMillis() - LEFT_BEHIND.toMillis();
        for (SnapshotStatus snapshot : hdfs.getSnapshotListing(at)) {
            String left = snapshot.getFullPath().getName();
            if (left.startsWith(NAME_PREFIX) && snapshot.getDirStatus().getModificationTime() < before) {
                progress.progress("deleting the snapshot that a broken backup left: " + snapshot.getFullPath());
                hdfs.deleteSnapshot(at, left);
            }
        }
    }

    @Override
    public void close() {
        taken.forEach((at, hdfs) -> {
            try {
                hdfs.deleteSnapshot(at, name);
            } catch (IOException e) {
                progress.progress("the snapshot of " + at + " is left and holds space (" + e.getMessage()
                        + "); delete it with: hdfs dfs -deleteSnapshot " + at + " " + name);
            }
        });
        volumes.values().forEach(Volume::close);
    }
}
