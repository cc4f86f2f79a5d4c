package dev.rebound.deploy.official;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.io.FileUtils;

/**
 * Fetches the official distribution as Flink publishes it on PyPI: lib, opt and plugins are one package, bin and conf are in
 * another; Maven Central has no archive of it. Both are wheels, of which pip checks the sums.
 */
final class FlinkDownload {
    /** Of any platform: the scripts are the same, and nothing else is taken from the package that is compiled. */
    private static final List<String> DOWNLOAD = List.of(
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-cache-dir",
            "--no-deps",
            "--only-binary=:all:",
            "--platform=manylinux2014_x86_64",
            "--python-version=3.11",
            "--implementation=cp",
            "--abi=cp311");

    private static final String REQUIREMENTS = """
            apache-flink==2.2.1 --hash=sha256:a7e0e06e6e2a788b1e0c4f6225efe6a9bdcb6463db77080b99620c36c076cbab
            apache-flink-libraries==2.2.1 --hash=sha256:74dc5546fbd9add8fbcdf1222a237e09491f9b80296241aef8676ec56f8e686e
            """;

    private static final List<List<String>> PIPS =
            List.of(List.of("python3", "-m", "pip"), List.of("pip3"), List.of("pip"));
    private static final String PACKAGE_ROOT = "pyflink/";
    private static final List<String> FOLDERS = List.of("bin/", "conf/", "lib/", "opt/", "plugins/");
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private FlinkDownload() {}

    /** Why there is no distribution: what is missing on this machine. */
    static final class UnavailableException extends Exception {
        UnavailableException(String message) {
            super(message);
        }
    }

    /**
     * Fetches and unpacks the distribution.
     *
     * @param home becomes the distribution's folder at once, when all of it is there
     * @throws UnavailableException if there is no pip, or it can't download
     */
    static void into(Path home) throws IOException, UnavailableException {
        List<String> pip = pip().orElseThrow(() -> new UnavailableException("there is no pip on this machine (tried "
                + PIPS.stream().map(each -> String.join(" ", each)).toList() + ")"));
        Files.createDirectories(home.getParent());
        // Beside its later place: only within one file system does it get there at once.
        Path work = Files.createTempDirectory(home.getParent(), home.getFileName() + "-download-");
        try {
            download(pip, work);
            Path unpacked = Files.createDirectory(work.resolve("flink"));
            for (Path wheel : wheels(work)) {
                unpack(wheel, unpacked);
            }
            moveInto(unpacked, home);
        } finally {
            FileUtils.deleteDirectory(work.toFile());
        }
    }

    private static Optional<List<String>> pip() {
        return PIPS.stream().filter(FlinkDownload::answers).findFirst();
    }

    private static boolean answers(List<String> pip) {
        List<String> line = new ArrayList<>(pip);
        line.add("--version");
        try {
            return run(new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD))
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void download(List<String> pip, Path work) throws IOException, UnavailableException {
        Path requirements = Files.writeString(work.resolve("requirements.txt"), REQUIREMENTS);
        Path log = work.resolve("pip.log");
        List<String> line = new ArrayList<>(pip);
        line.addAll(DOWNLOAD);
        line.addAll(List.of("--requirement", requirements.toString(), "--dest", work.toString()));
        System.out.println("official Flink: fetching 315 MB, once: " + String.join(" ", line));
        int exit = run(new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()));
        if (exit != 0) {
            throw new UnavailableException(
                    String.join(" ", line) + " ended with " + exit + " and wrote:\n" + Files.readString(log));
        }
    }

    private static int run(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(builder.command() + " has not ended after " + LIMIT.toMinutes() + " minutes");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for " + builder.command(), e);
        } finally {
            process.destroy();
        }
    }

    private static List<Path> wheels(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> wheels =
                    files.filter(file -> file.toString().endsWith(".whl")).toList();
            if (wheels.size() != 2) {
                throw new IOException("pip was to download two wheels into " + folder + ", there are " + wheels);
            }
            return wheels;
        }
    }

    private static void unpack(Path wheel, Path into) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName().replaceFirst("^" + PACKAGE_ROOT, "");
                if (entry.isDirectory() || FOLDERS.stream().noneMatch(name::startsWith)) {
                    continue;
                }
                Path file = into.resolve(name).normalize();
                if (!file.startsWith(into)) {
                    throw new IOException(wheel + " has an entry outside of its folder: " + entry.getName());
                }
                Files.createDirectories(file.getParent());
                try (InputStream content = zip.getInputStream(entry)) {
                    Files.copy(content, file);
                }
                // java.util.zip does not tell the mode.
                if (name.startsWith("bin/")
                        && !name.endsWith(".jar")
                        && !file.toFile().setExecutable(true, false)) {
                    throw new IOException("Can't make " + file + " executable");
                }
            }
        }
    }

    private static void moveInto(Path unpacked, Path home) throws IOException {
        try {
            Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another test was faster: what it has put there is whole too.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }
}
