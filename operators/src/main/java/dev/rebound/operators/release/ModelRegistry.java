package dev.rebound.operators.release;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** The packages that are in a registry, {@code <registry>/<model>/<version>/}, on any file system of Flink's. */
public final class ModelRegistry {
    private final Path folder;

    /** @param folder of all models */
    public ModelRegistry(Path folder) {
        this.folder = folder;
    }

    /**
     * A version in the registry.
     *
     * @param manifest null where it cannot be read
     * @param problem why not; null where it can
     * @param bytes of all its files
     * @param signed whether there is a signature, valid or not
     */
    public record Registered(
            String model,
            String version,
            Path folder,
            @Nullable ModelManifest manifest,
            @Nullable String problem,
            long bytes,
            boolean signed) {

        /** As releases name it. */
        public String key() {
            return model + "/" + version;
        }
    }

    /** Every version, by model, the newest first; what is only being written is not among them. */
    public List<Registered> list() throws IOException {
        List<Registered> versions = new ArrayList<>();
        for (FileStatus model : folders(folder)) {
            for (FileStatus version : folders(model.getPath())) {
                versions.add(read(model.getPath().getName(), version.getPath()));
            }
        }
        versions.sort(Comparator.comparing(Registered::model)
                .thenComparing(
                        each -> each.manifest() == null ? null : each.manifest().createdAt(),
                        Comparator.nullsLast(Comparator.reverseOrder()))
                .thenComparing(Registered::version));
        return versions;
    }

    private static List<FileStatus> folders(Path parent) throws IOException {
        FileSystem fileSystem = parent.getFileSystem();
        List<FileStatus> folders = new ArrayList<>();
        if (fileSystem.exists(parent)) {
            for (FileStatus each : fileSystem.listStatus(parent)) {
                if (each.isDir() && !each.getPath().getName().startsWith(".")) {
                    folders.add(each);
                }
            }
        }
        return folders;
    }

    private static Registered read(String model, Path folder) throws IOException {
        long bytes = 0;
        for (FileStatus file : folder.getFileSystem().listStatus(folder)) {
            bytes += file.getLen();
        }
        boolean signed = ModelPackages.isSigned(folder);
        try {
            ModelManifest manifest = ModelManifest.fromJson(ModelPackages.readManifest(folder));
            return new Registered(model, folder.getName(), folder, manifest, null, bytes, signed);
        } catch (IOException e) {
            return new Registered(model, folder.getName(), folder, null, e.getMessage(), bytes, signed);
        }
    }

    /**
     * Removes a version: from the moment that it is renamed nobody sees it, whole or in part.
     *
     * @throws IOException if it is not all gone
     */
    public static void delete(Registered version) throws IOException {
        FileSystem fileSystem = version.folder().getFileSystem();
        Path hidden = new Path(version.folder().getParent(), "." + version.version() + ".deleted");
        if (!fileSystem.rename(version.folder(), hidden) || !fileSystem.delete(hidden, true)) {
            throw new IOException("Cannot delete " + version.folder() + "; what is left of it is " + hidden);
        }
    }
}
