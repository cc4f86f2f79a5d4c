package dev.rebound.operators.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/**
 * Writes and fetches the packages of a registry, {@code <registry>/<model>/<version>/}, on any file system of Flink's.
 * A package is written under a temporary name and renamed: whoever sees it sees all of it, and it never changes.
 */
public final class ModelPackages {
    private ModelPackages() {}

    /**
     * Writes a package.
     *
     * @param registry folder of all models
     * @param manifest whose sums are those of the files
     * @param files by name, all but the manifest
     * @return the package's folder
     * @throws IOException if it exists already, or cannot be written
     */
    public static Path write(Path registry, ModelManifest manifest, Map<String, byte[]> files) throws IOException {
        FileSystem fileSystem = registry.getFileSystem();
        Path model = new Path(registry, manifest.model());
        Path target = new Path(model, manifest.version());
        if (fileSystem.exists(target)) {
            throw new IOException("Model package " + target + " exists and is never changed; choose another version");
        }
        Path temporary = new Path(model, "." + manifest.version() + ".tmp");
        fileSystem.delete(temporary, true);
        fileSystem.mkdirs(temporary);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            write(fileSystem, new Path(temporary, file.getKey()), file.getValue());
        }
        write(fileSystem, new Path(temporary, ModelManifest.FILE), manifest.toJson());
        if (!fileSystem.rename(temporary, target)) {
            throw new IOException("Cannot rename " + temporary + " to " + target + "; remove it and publish again");
        }
        return target;
    }

    private static void write(FileSystem fileSystem, Path path, byte[] bytes) throws IOException {
        try (OutputStream out = fileSystem.create(path, WriteMode.NO_OVERWRITE)) {
            out.write(bytes);
        }
    }

    /** The manifest of a package, its bytes as they lie. */
    public static byte[] readManifest(Path packageFolder) throws IOException {
        return read(new Path(packageFolder, ModelManifest.FILE));
    }

    /** Whether there is a package. */
    public static boolean exists(Path packageFolder) throws IOException {
        return packageFolder.getFileSystem().exists(new Path(packageFolder, ModelManifest.FILE));
    }

    /**
     * Copies a package as it lies, from any file system of Flink's to any other; whoever loads the copy checks its sums.
     *
     * @param registry folder of all models that it is copied to
     * @return the copy's folder
     * @throws IOException if a file is missing or there is such a package already
     */
    public static Path copy(Path packageFolder, Path registry) throws IOException {
        ModelManifest manifest = ModelManifest.fromJson(readManifest(packageFolder));
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String file : manifest.files().keySet()) {
            files.put(file, read(new Path(packageFolder, file)));
        }
        return write(registry, manifest, files);
    }

    /**
     * Copies a package to a local folder and checks every sum on the way.
     *
     * @param sha256 of the manifest, in lower-case hex
     * @throws PackageRefusedException if a file is missing or not what the manifest says, or the manifest is not what
     *     the release says
     */
    static ModelManifest fetch(String packageUri, String sha256, java.nio.file.Path target)
            throws PackageRefusedException {
        Path source = new Path(packageUri);
        byte[] json = readOrRefuse(packageUri, ModelManifest.FILE, source);
        requireSum(packageUri, ModelManifest.FILE, json, sha256);
        try {
            ModelManifest manifest = ModelManifest.fromJson(json);
            manifest.requireServable(packageUri);
            for (String needed :
                    List.of(manifest.vocabularyFile(), manifest.weightsFile(), ModelManifest.GOLDEN_FILE)) {
                if (!manifest.files().containsKey(needed)) {
                    throw new PackageRefusedException(
                            packageUri, needed + " has no sum in " + ModelManifest.FILE + "; train it again", null);
                }
            }
            Files.createDirectories(target);
            for (Map.Entry<String, String> file : manifest.files().entrySet()) {
                byte[] bytes = readOrRefuse(packageUri, file.getKey(), source);
                requireSum(packageUri, file.getKey(), bytes, file.getValue());
                Files.write(target.resolve(file.getKey()), bytes);
            }
            return manifest;
        } catch (IOException e) {
            throw new PackageRefusedException(
                    packageUri, ModelManifest.FILE + " cannot be read, or not be copied to " + target, e);
        }
    }

    private static byte[] readOrRefuse(String packageUri, String file, Path source) throws PackageRefusedException {
        try {
            return read(new Path(source, file));
        } catch (IOException e) {
            throw new PackageRefusedException(
                    packageUri, file + " cannot be read (" + e.getMessage() + "); publish the package again", e);
        }
    }

    private static byte[] read(Path path) throws IOException {
        try (InputStream in = path.getFileSystem().open(path)) {
            return in.readAllBytes();
        }
    }

    private static void requireSum(String packageUri, String file, byte[] bytes, String expected)
            throws PackageRefusedException {
        String actual = sha256(bytes);
        if (!actual.equals(expected)) {
            throw new PackageRefusedException(
                    packageUri,
                    file + " has the SHA-256 " + actual + " instead of " + expected
                            + ": it was changed after it was made; publish a new version",
                    null);
        }
    }

    /** SHA-256 in lower-case hex. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
