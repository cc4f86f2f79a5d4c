package dev.rebound.operators.retraining;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.schemas.ModelRelease;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * One training from its examples to the package in the registry, beside its parent's. The version's name follows from
 * the parent and the examples, and packages never change: whoever does the same training again, after a failure, finds
 * the package and trains no second time.
 */
final class Retraining implements Closeable {
    private static final Pattern OWN_SUFFIX = Pattern.compile("-\\d{8}T\\d{6}-[0-9a-f]{8}$");
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final SliceFile.Writer examples;
    /** Of what the examples are, whatever their order. */
    private long hash;

    /**
     * What came out.
     *
     * @param sha256 of the package's model.json; null where there is no package, since the version is not better
     */
    record Result(
            ModelRelease live,
            String version,
            String packageUri,
            @Nullable String sha256,
            SliceReport report) {}

    /** @param workFolder local; null for the JVM's temporary folder */
    Retraining(@Nullable String workFolder) throws IOException {
        this.folder = workFolder == null
                ? Files.createTempDirectory("rebound-training-")
                : Files.createTempDirectory(Files.createDirectories(Path.of(workFolder)), "training-");
        this.examples = new SliceFile.Writer(folder.resolve(TrainingTask.EXAMPLES_FILE));
    }

    /** @param id unique */
    void add(long slice, String id, byte[] example) throws IOException {
        examples.add(slice, example);
        hash += ItemKey.hash(id);
    }

    /**
     * Trains and writes the package, if it is not there yet.
     *
     * @throws Exception if the LIVE version's package can't be read, the trainer fails, or the registry can't be written
     */
    Result train(ModelRelease live, SliceProgress.Closed slice, RetrainingSettings settings, TrainerProcess process)
            throws Exception {
        examples.close();
        String version = version(live, slice);
        var parent = new org.apache.flink.core.fs.Path(live.getPackageUri());
        var target = new org.apache.flink.core.fs.Path(parent.getParent(), version);
        if (ModelPackages.exists(target)) {
            byte[] manifest = ModelPackages.readManifest(target);
            return new Result(
                    live,
                    version,
                    target.toString(),
                    ModelPackages.sha256(manifest),
                    SliceReport.ofMetrics(ModelManifest.fromJson(manifest).metrics()));
        }
        TrainingTask task = new TrainingTask(
                live.getModel(),
                live.getVersion(),
                live.getSha256(),
                version,
                slice.closedMillis(),
                slice.slice(),
                settings.comparedShare(),
                settings.leastGain(),
                (int) hash);
        task.write(folder);
        ModelPackages.copy(
                parent,
                new org.apache.flink.core.fs.Path(
                        folder.resolve(TrainingTask.LIVE_REGISTRY).toUri()));
        SliceReport report = process.run(folder);
        if (!report.better()) {
            return new Result(live, version, target.toString(), null, report);
        }
        ModelPackages.copy(task.newPackage(folder), parent.getParent().getParent());
        return new Result(
                live, version, target.toString(), ModelPackages.sha256(ModelPackages.readManifest(target)), report);
    }

    /** Such as {@code v1-20261124T081500-3fa9c1d2}: the first of its line, when the slice closed, what it was. */
    private String version(ModelRelease live, SliceProgress.Closed slice) {
        String first = OWN_SUFFIX.matcher(live.getVersion()).replaceFirst("");
        int content = (int) (hash + ItemKey.hash(live.getVersion() + live.getSha256()));
        return String.format("%s-%s-%08x", first, SECOND.format(Instant.ofEpochMilli(slice.closedMillis())), content);
    }

    /** Deletes what lay on the local disk: users' examples among it. */
    @Override
    public void close() throws IOException {
        examples.close();
        FileUtils.deleteDirectory(folder.toFile());
    }
}
