package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Makes a backup: freezes the sources, copies what is to be copied, and lets the backup exist last of all. */
public final class BackupCreation {
    private final BackupStore store;
    private final Configuration hadoop;
    private final Progress progress;

    public BackupCreation(BackupStore store, Configuration hadoop, Progress progress) {
        this.store = store;
        this.hadoop = hadoop;
        this.progress = progress;
    }

    /** What is known of a backup while it is made. */
    private static final class Draft {
        private final Map<String, StoredFile> before = new HashMap<>();
        private final Map<String, Long> objects;
        private final List<BackupPart> parts = new ArrayList<>();
        private long copiedFiles;
        private long copiedBytes;

        Draft(Map<String, Long> objects, Optional<BackupManifest> base) {
            this.objects = objects;
            base.ifPresent(manifest -> manifest.parts()
                    .forEach(part -> part.files().forEach(file -> before.put(part.root() + "/" + file.path(), file))));
        }
    }

    /**
     * @throws CommandFailedException if there is nothing to back up, the target is being pruned, or the lease was lost
     * @throws IOException if something cannot be read or written; no backup exists then
     */
    public BackupManifest create(BackupKind wanted, List<BackupSource> sources) throws IOException {
        String id = store.newId();
        Instant startedAt = store.now();
        try (Lease lease = store.lease("rebound backup create", Lease.Use.SHARED);
                SourceSnapshots snapshots = new SourceSnapshots(hadoop, id, progress)) {
            Optional<BackupManifest> base = wanted == BackupKind.INCREMENTAL ? store.newestWhole() : Optional.empty();
            BackupKind kind = base.isPresent() ? BackupKind.INCREMENTAL : BackupKind.FULL;
            if (kind != wanted) {
                progress.progress("there is no whole backup in " + store.root() + " yet: this one is full");
            }
            List<String> skipped = new ArrayList<>();
            List<PlannedPart> planned = plan(sources, snapshots, skipped);
            Draft draft = new Draft(store.objects(), base);
            copy(planned, draft, kind);
            BackupManifest manifest = new BackupManifest(
                    BackupManifest.FORMAT,
                    id,
                    kind,
                    startedAt,
                    store.now(),
                    base.map(BackupManifest::id).orElse(null),
                    BackupStore.whoAndWhere(),
                    draft.parts,
                    draft.copiedFiles,
                    draft.copiedBytes,
                    skipped);
            publish(manifest, lease);
            return manifest;
        }
    }

    private List<PlannedPart> plan(List<BackupSource> sources, SourceSnapshots snapshots, List<String> skipped)
            throws IOException {
        Map<Path, FrozenFolder> frozen =
                snapshots.freeze(sources.stream().map(BackupSource::root).toList());
        List<PlannedPart> planned = new ArrayList<>();
        for (BackupSource source : sources) {
            FrozenFolder folder = frozen.get(source.root());
            if (folder != null) {
                planned.add(PlannedPart.of(source, folder, reason -> {
                    skipped.add(reason);
                    progress.progress("left out: " + reason);
                }));
            }
        }
        if (planned.stream().allMatch(part -> part.files().isEmpty())) {
            throw new CommandFailedException("There is nothing to back up in "
                    + sources.stream().map(BackupSource::root).toList()
                    + ". Check --flink-conf and --registry");
        }
        return planned;
    }

    private void copy(List<PlannedPart> planned, Draft draft, BackupKind kind) throws IOException {
        CopyProgress copied = new CopyProgress(
                progress,
                "backed up",
                planned.stream().mapToLong(part -> part.files().size()).sum(),
                planned.stream().mapToLong(PlannedPart::bytes).sum());
        for (PlannedPart part : planned) {
            List<StoredFile> files = new ArrayList<>();
            for (FileStatus file : part.files()) {
                files.add(store(part, file, draft, kind, copied));
                copied.file();
            }
            draft.parts.add(new BackupPart(
                    part.source().kind(),
                    part.source().name(),
                    part.folder().root().toString(),
                    files,
                    part.points()));
        }
    }

    private StoredFile store(PlannedPart part, FileStatus file, Draft draft, BackupKind kind, CopyProgress copied)
            throws IOException {
        FrozenFolder folder = part.folder();
        String path = folder.relative(file);
        String known = null;
        if (kind == BackupKind.INCREMENTAL) {
            StoredFile before = draft.before.get(folder.root() + "/" + path);
            boolean same = before != null
                    && before.bytes() == file.getLen()
                    && before.modifiedAtMillis() == file.getModificationTime();
            known = same ? before.sha256() : folder.volume().sha256(file.getPath());
        }
        if (known == null || !Long.valueOf(file.getLen()).equals(draft.objects.get(known))) {
            String written = store.put(folder.volume().files().open(file.getPath()), copied::bytes);
            folder.requireUnchanged(file);
            if (known != null && !known.equals(written)) {
                throw new IOException(file.getPath() + " had another content a moment ago, or is known with this size"
                        + " and time and another content; make the backup with --full");
            }
            known = written;
            draft.objects.put(known, file.getLen());
            draft.copiedFiles++;
            draft.copiedBytes += file.getLen();
        } else {
            copied.bytes(file.getLen());
        }
        return new StoredFile(path, file.getLen(), file.getModificationTime(), known);
    }

    /**
     * A lease that ended may have let a prune pass that did not know of this backup. It deletes the lease before it
     * looks for what is needed. So a lease that is there after the backup exists tells that none did.
     */
    private void publish(BackupManifest manifest, Lease lease) throws IOException {
        lease.requireHeld();
        List<StoredFile> missing = BackupStore.missing(manifest, store.objects());
        if (!missing.isEmpty()) {
            throw new FileNotFoundException("The object " + missing.get(0).sha256() + " is gone from " + store.root()
                    + " though it was there or was written; nobody but rebound may delete there");
        }
        store.publish(manifest);
        try {
            lease.requireHeld();
        } catch (CommandFailedException e) {
            store.delete(manifest);
            throw e;
        }
    }
}
