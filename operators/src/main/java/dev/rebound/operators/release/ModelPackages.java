package dev.rebound.operators.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes and fetches the packages of a registry, {@code <registry>/<model>/<version>/}, on any file system of Flink's.
 * A package is written under a temporary name and renamed: whoever sees it sees all of it, and it never changes.
 */
public final class ModelPackages {
    private ModelPackages() {}

    /**
     * Writes a package that was made here.
     *
     * @param registry folder of all models
     * @param manifest whose sums are those of the files
     * @param files by name, all but the manifest
     * @return the package's folder
     * @throws IOException if it exists already, or cannot be written
     */
    public static Path write(Path registry, ModelManifest manifest, Map<String, byte[]> files) throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>(files);
        all.put(ModelManifest.FILE, manifest.toJson());
        return write(registry, manifest.model(), manifest.version(), all);
    }

    /**
     * Writes a package, its files as they are.
     *
     * @param files by name, the manifest among them
     * @return the package's folder
     * @throws IOException if it exists already, or cannot be written
     */
    static Path write(Path registry, String model, String version, Map<String, byte[]> files) throws IOException {
        FileSystem fileSystem = registry.getFileSystem();
        Path versions = new Path(registry, model);
        Path target = new Path(versions, version);
        if (fileSystem.exists(target)) {
            throw new IOException("Model package " + target + " exists and is never changed; choose another version");
        }
        Path temporary = new Path(versions, "." + version + ".tmp");
        fileSystem.delete(temporary, true);
        fileSystem.mkdirs(temporary);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            write(fileSystem, new Path(temporary, file.getKey()), file.getValue());
        }
        rename(fileSystem, temporary, target);
        return target;
    }

    /**
     * Puts a signature beside the manifest of a package, in the place of an older one.
     *
     * @throws IOException if the private key is none, or the registry cannot be written
     */
    public static void sign(Path packageFolder, java.nio.file.Path privateKey) throws IOException {
        byte[] signature = PackageSignature.sign(readManifest(packageFolder), privateKey);
        FileSystem fileSystem = packageFolder.getFileSystem();
        Path temporary = new Path(packageFolder, "." + PackageSignature.FILE + ".tmp");
        Path target = new Path(packageFolder, PackageSignature.FILE);
        fileSystem.delete(temporary, false);
        write(fileSystem, temporary, signature);
        fileSystem.delete(target, false);
        rename(fileSystem, temporary, target);
    }

    /** Whether there is a signature beside the manifest, valid or not. */
    public static boolean isSigned(Path packageFolder) throws IOException {
        return packageFolder.getFileSystem().exists(new Path(packageFolder, PackageSignature.FILE));
    }

    private static void rename(FileSystem fileSystem, Path temporary, Path target) throws IOException {
        if (!fileSystem.rename(temporary, target)) {
            throw new IOException("Cannot rename " + temporary + " to " + target + "; remove it and publish again");
        }
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

    /** A file of a package, unchecked. */
    public static byte[] readFile(Path packageFolder, String file) throws IOException {
        return read(new Path(packageFolder, file));
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
        byte[] json = readManifest(packageFolder);
        ModelManifest manifest = ModelManifest.fromJson(json);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(ModelManifest.FILE, json);
        for (String file : manifest.files().keySet()) {
            files.put(file, read(new Path(packageFolder, file)));
        }
        if (isSigned(packageFolder)) {
            files.put(PackageSignature.FILE, read(new Path(packageFolder, PackageSignature.FILE)));
        }
        return write(registry, manifest.model(), manifest.version(), files);
    }

    /**
     * Copies a package to a local folder, where it is a package again, and checks the signature and every sum on the way.
     *
     * @param sha256 of the manifest, in lower-case hex
     * @param trusted whose signature it must have; null to load unsigned packages too
     * @throws PackageRefusedException if a file is not what the manifest says, the manifest is not what the release says, or
     *     nobody trusted signed it
     * @throws IOException if a file can't be read now, which says nothing of the package: the registry may be away
     */
    static ModelManifest fetch(
            String packageUri, String sha256, java.nio.file.Path target, @Nullable TrustedKeys trusted)
            throws PackageRefusedException, IOException {
        Path source = new Path(packageUri);
        byte[] json = readNow(packageUri, ModelManifest.FILE, source);
        requireSum(packageUri, ModelManifest.FILE, json, sha256);
        byte[] signature = readIfThere(new Path(source, PackageSignature.FILE));
        if (trusted != null) {
            trusted.requireSigned(packageUri, json, signature);
        }
        ModelManifest manifest = parsed(packageUri, json);
        manifest.requireServable(packageUri);
        requireComplete(packageUri, manifest);
        Files.createDirectories(target);
        for (Map.Entry<String, String> file : manifest.files().entrySet()) {
            byte[] bytes = readNow(packageUri, file.getKey(), source);
            requireSum(packageUri, file.getKey(), bytes, file.getValue());
            Files.write(target.resolve(file.getKey()), bytes);
        }
        Files.write(target.resolve(ModelManifest.FILE), json);
        if (signature != null) {
            Files.write(target.resolve(PackageSignature.FILE), signature);
        }
        return manifest;
    }

    private static ModelManifest parsed(String packageUri, byte[] json) throws PackageRefusedException {
        try {
            return ModelManifest.fromJson(json);
        } catch (IOException e) {
            throw new PackageRefusedException(
                    packageUri, ModelManifest.FILE + " is no manifest: " + firstLine(e) + "; train it again", e);
        }
    }

    private static void requireComplete(String packageUri, ModelManifest manifest) throws PackageRefusedException {
        for (String needed :
                Arrays.asList(manifest.vocabularyFile(), manifest.weightsFile(), ModelManifest.GOLDEN_FILE)) {
            if (manifest.files() == null || needed == null || !manifest.files().containsKey(needed)) {
                throw new PackageRefusedException(
                        packageUri, needed + " has no sum in " + ModelManifest.FILE + "; train it again", null);
            }
        }
        manifest.requirePlainNames(packageUri);
    }

    static byte @Nullable [] readIfThere(Path path) throws IOException {
        return path.getFileSystem().exists(path) ? read(path) : null;
    }

    private static byte[] readNow(String packageUri, String file, Path source) throws IOException {
        try {
            return read(new Path(source, file));
        } catch (IOException e) {
            throw new IOException(
                    "Model package " + packageUri + ": " + file + " can't be read now (" + firstLine(e) + ")", e);
        }
    }

    /** HDFS puts the server's whole stack trace into the message. */
    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    static byte[] read(Path path) throws IOException {
        try (InputStream in = path.getFileSystem().open(path)) {
            return in.readAllBytes();
        }
    }

    static void requireSum(String packageUri, String file, byte[] bytes, String expected)
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
