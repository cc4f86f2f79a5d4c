package dev.rebound.deploy.control.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The files of a source that belong into a backup.
 *
 * @param points see {@link BackupPart#points}
 */
record PlannedPart(BackupSource source, FrozenFolder folder, List<FileStatus> files, List<String> points) {

    /** @param skipped gets what is left out, since it is not whole or holds a secret, and why */
    static PlannedPart of(BackupSource source, FrozenFolder folder, Consumer<String> skipped) throws IOException {
        return switch (source.kind()) {
            case MODELS -> new PlannedPart(source, folder, packages(folder), List.of());
            case SAVEPOINTS -> ofPoints(source, folder, StatePoint.savepoints(folder, skipped));
            case CHECKPOINTS -> ofPoints(source, folder, StatePoint.checkpoints(folder, skipped));
            case JOBS -> new PlannedPart(source, folder, withFinalName(folder), List.of());
            case CONFIGURATION -> new PlannedPart(source, folder, withoutSecrets(folder, skipped), List.of());
        };
    }

    long bytes() {
        return files.stream().mapToLong(FileStatus::getLen).sum();
    }

    private static List<FileStatus> withoutSecrets(FrozenFolder folder, Consumer<String> skipped) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        for (FileStatus file : folder.files()) {
            Optional<String> secret = SecretFiles.why(folder, file);
            if (secret.isPresent()) {
                skipped.accept(file.getPath() + ": " + secret.get() + "; keep it with your other secrets");
            } else {
                files.add(file);
            }
        }
        return files;
    }

    /** What is being written has a temporary name, which begins with a dot. */
    private static List<FileStatus> withFinalName(FrozenFolder folder) throws IOException {
        return folder.files().stream()
                .filter(file -> !file.getPath().getName().startsWith("."))
                .toList();
    }

    /** A package gets its manifest under its final name last of all. */
    private static List<FileStatus> packages(FrozenFolder folder) throws IOException {
        List<FileStatus> files = folder.files();
        Set<Path> whole = files.stream()
                .filter(file -> PartKind.MODELS.completes(folder.relative(file)))
                .map(file -> file.getPath().getParent())
                // A package that is being written has a temporary name, which begins with a dot.
                .filter(version -> !version.getName().startsWith("."))
                .collect(Collectors.toSet());
        return files.stream()
                .filter(file -> whole.contains(file.getPath().getParent()))
                .toList();
    }

    private static PlannedPart ofPoints(BackupSource source, FrozenFolder folder, List<StatePoint> points)
            throws IOException {
        Set<String> needed = new HashSet<>();
        points.forEach(point -> needed.addAll(point.files()));
        List<FileStatus> files = new ArrayList<>();
        for (FileStatus file : folder.files()) {
            if (needed.contains(folder.relative(file))) {
                files.add(file);
            }
        }
        return new PlannedPart(
                source, folder, files, points.stream().map(StatePoint::folder).toList());
    }
}
