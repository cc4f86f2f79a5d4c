package dev.rebound.operators.retraining;

import ai.djl.Model;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.DjlRankingModel;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.SequenceRanker;
import dev.rebound.operators.release.Lineage;
import dev.rebound.operators.release.ModelLimits;
import dev.rebound.operators.release.ModelLoader;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.operators.release.PackageRefusedException;
import dev.rebound.operators.training.ModelComparison;
import dev.rebound.operators.training.RankerTrainer;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.operators.training.TrainingSet;
import dev.rebound.operators.training.WarmStart;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * The trainer's process: trains the next version on a slice and compares it with the LIVE one. It reads and writes
 * nothing but its folder, so that it needs no access to the registry or to Kafka; it lives as long as its standard
 * input, so that it never outlives the TaskManager that started it.
 */
public final class SliceTraining {
    /** Fewer lists say nothing: the trainer wants 50, and a comparison of less finds no difference but the greatest. */
    private static final int LEAST_MOMENTS = 50;

    private static final int ENDED_BY_PARENT = 143;

    private final Path folder;
    private final TrainingTask task;

    private SliceTraining(Path folder) throws IOException {
        this.folder = folder;
        this.task = TrainingTask.read(folder);
    }

    /** @param args the folder with the task, its examples and the LIVE version's package */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        endWithParent(folder);
        new SliceTraining(folder).run().write(folder);
        // The engine's threads would keep the process.
        System.exit(0);
    }

    /** A parent that was killed can't delete users' examples any more. */
    private static void endWithParent(Path folder) {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {}
                        FileUtils.deleteDirectory(folder.toFile());
                    } catch (IOException e) {
                        System.err.println("The parent is gone, " + folder + " remains: " + e.getMessage());
                    }
                    Runtime.getRuntime().halt(ENDED_BY_PARENT);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private SliceReport run() throws IOException, PackageRefusedException, ModelFailedException {
        SliceMoments moments =
                SliceMoments.read(folder.resolve(TrainingTask.EXAMPLES_FILE), task.slice(), task.comparedShare());
        TrainingSet trained = moments.trainingSet();
        TrainingSet compared = moments.comparedSet();
        if (trained.size() < LEAST_MOMENTS || compared.size() < LEAST_MOMENTS) {
            return new SliceReport(trained.size(), null, false);
        }
        PyTorchEngine.forTraining();
        Live live = new Live();
        try (RankingModel serving = live.open()) {
            WarmStart start = live.start();
            TrainerOptions options = TrainerOptions.continued(task.seed());
            RankerTrainer trainer =
                    new RankerTrainer(trained, start.encoder(), options, start, report -> System.out.println(report));
            try (TrainedRanker ranker = trainer.train()) {
                ModelComparison.Result result = new ModelComparison(compared, moments.comparedUsers())
                        .compare(serving, ranker.serving(task.version()));
                boolean better = result.gain() - result.gainHalfWidth95() > task.leastGain();
                if (better) {
                    write(ranker, trained.size(), result);
                }
                return new SliceReport(trained.size(), result, better);
            }
        }
    }

    private void write(TrainedRanker ranker, int trained, ModelComparison.Result result)
            throws IOException, ModelFailedException {
        ranker.write(
                new org.apache.flink.core.fs.Path(
                        folder.resolve(TrainingTask.NEW_REGISTRY).toUri()),
                task.model(),
                task.version(),
                Instant.ofEpochMilli(task.createdAtMillis()),
                Lineage.continuing(task.liveVersion()),
                SliceReport.metrics(trained, result));
    }

    /** The LIVE version, checked as a job checks it before it serves. */
    private final class Live {
        private final ModelManifest manifest;
        private @Nullable WarmStart start;

        Live() throws IOException {
            manifest = ModelManifest.fromJson(ModelPackages.readManifest(task.livePackage(folder)));
        }

        RankingModel open() throws PackageRefusedException, IOException {
            ModelRelease release = ModelRelease.newBuilder()
                    .setModel(task.model())
                    .setVersion(task.liveVersion())
                    .setPackageUri(task.livePackage(folder).toString())
                    .setSha256(task.liveSha256())
                    .setStage(ReleaseStage.LIVE)
                    .setIssuedAt(task.createdAtMillis())
                    .build();
            String cache = folder.resolve("cache").toString();
            return new ModelLoader(cache, DeviceChoice.CPU, null, ModelLimits.DEFAULT, this::serve).open(release, 1, 1);
        }

        /** Keeps what a ranker of ours knows. */
        private RankingModel serve(String version, ItemVocabulary vocabulary, Model model, int denseFeatures) {
            if (model.getBlock() instanceof SequenceRanker ranker && manifest.architecture() != null) {
                start = new WarmStart(manifest.architecture(), itemIds(), ranker);
            }
            return new DjlRankingModel(version, vocabulary, model, denseFeatures);
        }

        /** @throws IllegalStateException if nothing can be gone on from */
        WarmStart start() {
            if (start == null) {
                throw new IllegalStateException("Version " + task.liveVersion() + " is of the format "
                        + manifest.format() + ", which is trained on where it was made; this job goes on from versions"
                        + " of rebound model train");
            }
            return start;
        }

        private List<String> itemIds() {
            Path vocabulary = Path.of(task.livePackage(folder).toUri()).resolve(manifest.vocabularyFile());
            try {
                return Files.readAllLines(vocabulary);
            } catch (IOException e) {
                throw new UncheckedIOException("Can't read the vocabulary of the LIVE version", e);
            }
        }
    }
}
