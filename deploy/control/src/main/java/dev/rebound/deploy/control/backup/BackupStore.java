package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.site.CommandFailedException;
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
 * verifications/       what verifications found, see {@link VerificationRecord}: ID.NAME.json
 * leases/              who uses the folder now, see {@link Lease}
 * tmp/                 what is being written
 * </pre>
 */
public final class BackupStore implements AutoCloseable {
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
    public static BackupStore open(Path root, Configuration hadoop, Clock clock) {
        return new BackupStore(Volume.of(root, hadoop), root, clock);
    }

    public Path root() {
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
    public Map<String, Long> objects() throws IOException {
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
            if (isWhole(object(sum), sum)) {
                volume.files().delete(temporary, false);
            } else {
                volume.replace(temporary, object(sum));
            }
        }
        return sum;
    }

    public InputStream open(String sum) throws IOException {
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

    /** Looks at every byte: this is the only time that an object is held against what it was made of. */
    private boolean isWhole(Path object, String sum) {
        try {
            return volume.sha256(object).equals(sum);
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes a backup exist. */
    void publish(BackupManifest manifest) throws IOException {
        Path temporary = temporary();
        volume.write(manifest.toJson(), temporary);
        volume.publish(temporary, manifestFile(manifest.id()));
    }

    void delete(BackupManifest manifest) throws IOException {
        volume.files().delete(manifestFile(manifest.id()), false);
        for (FileStatus record : verificationsOf(manifest.id())) {
            volume.files().delete(record.getPath(), false);
        }
    }

    /**
     * Keeps what a verification found, in the place of what earlier ones found of that backup. Each has a name of its own, since
     * a local disk replaces a file in two steps: whoever reads meanwhile sees the old one, both or the new one.
     */
    void record(VerificationRecord found) throws IOException {
        List<FileStatus> before = verificationsOf(found.id());
        Path temporary = temporary();
        volume.write(BackupManifest.JSON.writeValueAsBytes(found), temporary);
        volume.publish(temporary, at("verifications/" + found.id() + "." + UUID.randomUUID() + ".json"));
        for (FileStatus record : before) {
            volume.files().delete(record.getPath(), false);
        }
    }

    private List<FileStatus> verificationsOf(String id) throws IOException {
        return volume.filesBelow(at("verifications")).stream()
                .filter(file -> file.getPath().getName().startsWith(id + "."))
                .toList();
    }

    /**
     * What the newest verification of each backup found, by the backup's id. The newest is that which the target says was
     * written last: verifications may run on machines whose clocks differ.
     *
     * @throws CommandFailedException if one cannot be read
     */
    public Map<String, VerificationRecord> verifications() throws IOException {
        List<FileStatus> files = new ArrayList<>(volume.filesBelow(at("verifications")));
        files.sort(Comparator.comparingLong(FileStatus::getModificationTime));
        Map<String, VerificationRecord> newest = new HashMap<>();
        for (FileStatus file : files) {
            try {
                VerificationRecord record = VerificationRecord.fromJson(volume.read(file.getPath()));
                newest.put(record.id(), record);
            } catch (FileNotFoundException e) {
                // Verified again, or pruned, since it was listed.
            } catch (IOException e) {
                throw new CommandFailedException(
                        "The record of a verification " + file.getPath() + " can't be read: " + e.getMessage()
                                + ". If the file is damaged, delete it and verify that backup again",
                        e);
            }
        }
        return newest;
    }

    /**
     * All backups, the newest first.
     *
     * @throws CommandFailedException if a manifest cannot be read: nobody knows then which objects it needs
     */
    public List<BackupManifest> manifests() throws IOException {
        return stored().stream().map(Stored::manifest).toList();
    }

    /**
     * A backup of the target.
     *
     * @param writtenAt by the clock of the target
     */
    record Stored(BackupManifest manifest, Instant writtenAt) {}

    /** The same as {@link #manifests()}, with what the target knows of them. */
    List<Stored> stored() throws IOException {
        List<Stored> stored = new ArrayList<>();
        for (FileStatus file : volume.filesBelow(at("backups"))) {
            try {
                stored.add(new Stored(
                        BackupManifest.fromJson(volume.read(file.getPath())),
                        Instant.ofEpochMilli(file.getModificationTime())));
            } catch (FileNotFoundException e) {
                // Pruned since it was listed.
            } catch (IOException e) {
                throw new CommandFailedException(
                        "The backup's manifest " + file.getPath() + " can't be read: " + e.getMessage()
                                + ". If the file is damaged, move it away: that backup is lost, the others are not",
                        e);
            }
        }
        stored.sort(
                Comparator.comparing((Stored backup) -> backup.manifest().id()).reversed());
        return stored;
    }

    /** The newest backup of which nothing is missing. */
    Optional<BackupManifest> newestWhole() throws IOException {
        Map<String, Long> objects = objects();
        return manifests().stream()
                .filter(manifest -> missing(manifest, objects).isEmpty())
                .findFirst();
    }

    /** @throws CommandFailedException if there is none of that id, or with null, none at all */
    public BackupManifest find(@Nullable String id) throws IOException {
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
    public static Path scratchFolder() {
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
