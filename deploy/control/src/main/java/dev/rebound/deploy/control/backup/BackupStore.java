package dev.rebound.deploy.ops.backup;

import dev.rebound.deploy.ops.console.CommandFailedException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where backups are kept: a folder on any Hadoop file system.
 *
 * <pre>
 * objects/ab/abcd...   the bytes with that SHA-256, once for all backups
 * backups/ID.json      what a backup consists of, renamed here when all of its objects are there
 * leases/              who uses the folder now, see {@link Lease}
 * tmp/                 what is being written
 * </pre>
 */
final class BackupStore implements AutoCloseable {
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Volume volume;
    private final Path root;
    private final Clock clock;

    private BackupStore(Volume volume, Path root, Clock clock) {
        this.volume = volume;
        this.root = root;
        this.clock = clock;
    }

    /** @param root a URI with a scheme; the folder is made with the first backup */
    static BackupStore open(Path root, Configuration hadoop, Clock clock) {
        return new BackupStore(Volume.of(root, hadoop), root, clock);
    }

    Path root() {
        return root;
    }

    /** A new id, which sorts by time: {@code 20260131-235959-123-1f2e}, UTC. */
    String newId() {
        return ID_TIME.format(clock.instant()) + "-"
                + UUID.randomUUID().toString().substring(0, 4);
    }

    /** @param purpose what is done, such as {@code rebound backup create} */
    Lease lease(String purpose, Lease.Use use) throws IOException {
        String owner = purpose + " of " + whoAndWhere();
        return Lease.take(volume, at("leases"), UUID.randomUUID().toString(), owner, use, clock);
    }

    /** User, host and process, for people. */
    static String whoAndWhere() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown host";
        }
        return System.getProperty("user.name", "?") + "@" + host + ":"
                + ProcessHandle.current().pid();
    }

    /** Sizes of all objects, by their sum. */
    Map<String, Long> objects() throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        for (FileStatus object : volume.filesBelow(at("objects"))) {
            sizes.put(object.getPath().getName(), object.getLen());
        }
        return sizes;
    }

    /**
     * Writes an object, over one of the same sum.
     *
     * @param in closed here
     * @param progress gets the bytes of each step
     * @return its sum
     */
    String put(InputStream in, LongConsumer progress) throws IOException {
        Path temporary = temporary();
        String sum = volume.write(in, temporary, progress);
        try {
            volume.publish(temporary, object(sum));
        } catch (FileAlreadyExistsException e) {
            // Never replaced by the same: a local disk does that in two steps, between which another backup would miss
            // it.
            if (length(object(sum)) == length(temporary)) {
                volume.files().delete(temporary, false);
            } else {
                volume.replace(temporary, object(sum));
            }
        }
        return sum;
    }

    InputStream open(String sum) throws IOException {
        return volume.files().open(object(sum));
    }

    void deleteObject(String sum) throws IOException {
        volume.files().delete(object(sum), false);
    }

    /** Deletes what broken attempts left; only for whoever is alone. */
    void deleteTemporary() throws IOException {
        for (FileStatus left : volume.filesBelow(at("tmp"))) {
            volume.files().delete(left.getPath(), false);
        }
    }

    private long length(Path file) throws IOException {
        return volume.files().getFileStatus(file).getLen();
    }

    /** Makes a backup exist. */
    void publish(BackupManifest manifest) throws IOException {
        Path temporary = temporary();
        volume.write(manifest.toJson(), temporary);
        volume.publish(temporary, manifestFile(manifest.id()));
    }

    void delete(BackupManifest manifest) throws IOException {
        volume.files().delete(manifestFile(manifest.id()), false);
    }

    /**
     * All backups, the newest first.
     *
     * @throws CommandFailedException if a manifest cannot be read: nobody knows then which objects it needs
     */
    List<BackupManifest> manifests() throws IOException {
        List<BackupManifest> manifests = new ArrayList<>();
        for (FileStatus file : volume.filesBelow(at("backups"))) {
            try {
                manifests.add(BackupManifest.fromJson(volume.read(file.getPath())));
            } catch (FileNotFoundException e) {
                // Pruned since it was listed.
            } catch (IOException e) {
                throw new CommandFailedException(
                        "The backup's manifest " + file.getPath() + " can't be read: " + e.getMessage()
                                + ". If the file is damaged, move it away: that backup is lost, the others are not",
                        e);
            }
        }
        manifests.sort(Comparator.comparing(BackupManifest::id).reversed());
        return manifests;
    }

    /** The newest backup of which nothing is missing. */
    Optional<BackupManifest> newestWhole() throws IOException {
        Map<String, Long> objects = objects();
        return manifests().stream()
                .filter(manifest -> missing(manifest, objects).isEmpty())
                .findFirst();
    }

    /** @throws CommandFailedException if there is none of that id, or with null, none at all */
    BackupManifest find(@Nullable String id) throws IOException {
        if (id == null) {
            return newestWhole()
                    .orElseThrow(() -> new CommandFailedException("There is no whole backup in " + root
                            + ". Make one with: rebound backup create --full --target " + root));
        }
        return manifests().stream()
                .filter(manifest -> manifest.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException("There is no backup " + id + " in " + root
                        + ". See which there are: rebound backup list --target " + root));
    }

    /** The files of a backup whose objects are not there, or not of their size. */
    static List<StoredFile> missing(BackupManifest manifest, Map<String, Long> objects) {
        return manifest.files()
                .filter(file -> !Long.valueOf(file.bytes()).equals(objects.get(file.sha256())))
                .toList();
    }

    /** A folder for trying something out on this machine. */
    static Path scratchFolder() {
        String name = "rebound-verify-" + UUID.randomUUID();
        return new Path(new File(System.getProperty("java.io.tmpdir"), name).toURI());
    }

    Instant now() {
        return clock.instant();
    }

    private Path object(String sum) {
        return at("objects/" + sum.substring(0, 2) + "/" + sum);
    }

    private Path manifestFile(String id) {
        return at("backups/" + id + ".json");
    }

    private Path temporary() {
        return at("tmp/" + UUID.randomUUID());
    }

    private Path at(String path) {
        return new Path(root, path);
    }

    @Override
    public void close() {
        volume.close();
    }
}
