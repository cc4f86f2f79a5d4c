package dev.rebound.operators.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packages that served last, on local disk by the SHA-256 of their manifest, so that going back to one needs no
 * registry. Shared by all tasks and processes of a user on a machine: a package comes by one rename. What is read from here is
 * checked like what comes from the registry.
 */
final class PackageCache {
    private static final Logger LOG = LoggerFactory.getLogger(PackageCache.class);
    private static final int MOST_PACKAGES = 8;

    private final @Nullable Path folder;

    private PackageCache(@Nullable Path folder) {
        this.folder = folder;
    }

    /**
     * The cache of a folder, which is made where it is not there. One that others can write, or that cannot be written, is not
     * used, and the log says so: packages then come from the registry alone, and are loaded from folders in the JVM's temporary
     * one. A job that runs goes on, since an alert of its own would be no reason to serve no model.
     */
    static PackageCache in(Path folder) {
        try {
            PrivateFolder.require(folder);
            return new PackageCache(folder);
        } catch (IOException e) {
            LOG.error(
                    "Model packages are neither kept nor looked for on this machine, so that a rollback needs the"
                            + " registry",
                    e);
            return new PackageCache(null);
        }
    }

    /** The folder of a package, if it is here. It may be gone or damaged when it is read. */
    Optional<Path> find(String sha256) {
        if (folder == null) {
            return Optional.empty();
        }
        Path entry = folder.resolve(sha256);
        if (!Files.isDirectory(entry)) {
            return Optional.empty();
        }
        touch(entry);
        return Optional.of(entry);
    }

    private static void touch(Path entry) {
        try {
            Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
        } catch (IOException e) {
            LOG.debug("{} was removed meanwhile, or is not to be changed", entry, e);
        }
    }

    /** A new, private folder to fetch a package into, on the cache's own disk. */
    Path newFolder() throws IOException {
        return folder == null
                ? Files.createTempDirectory("rebound-model-")
                : Files.createTempDirectory(folder, ".fetch-");
    }

    /** Keeps a fetched package, all of it in a folder of {@link #newFolder}, which this takes over. */
    void keep(Path fetched, String sha256) {
        if (folder == null) {
            return;
        }
        Path entry = folder.resolve(sha256);
        try {
            moveAway(entry);
            Files.move(fetched, entry);
            touch(entry);
            removeTheOldest(folder);
        } catch (IOException e) {
            // It serves all the same; and another task may just have put the same package here.
            LOG.info("Model package {} is not kept in {}: {}", sha256, folder, e.toString());
        }
    }

    /** A damaged one gives way to the fetched one. */
    private static void moveAway(Path entry) throws IOException {
        if (Files.exists(entry)) {
            Path aside = entry.resolveSibling(".old-" + UUID.randomUUID());
            Files.move(entry, aside);
            delete(aside);
        }
    }

    private static void removeTheOldest(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path entry : listed.toList()) {
                if (!entry.getFileName().toString().startsWith(".")) {
                    entries.add(entry);
                } else if (usedAt(entry).compareTo(yesterday) < 0) {
                    // Of a process that died while it fetched.
                    delete(entry);
                }
            }
        }
        entries.sort(Comparator.comparing(PackageCache::usedAt).reversed());
        for (Path old : entries.subList(Math.min(MOST_PACKAGES, entries.size()), entries.size())) {
            delete(old);
        }
    }

    private static FileTime usedAt(Path entry) {
        try {
            return Files.getLastModifiedTime(entry);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** Removes a folder of files; nothing happens where there is none. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
