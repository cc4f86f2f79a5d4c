package dev.rebound.operators.training;

import ai.djl.Model;
import dev.rebound.operators.model.DjlRankingModel;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.SequenceRanker;
import dev.rebound.operators.release.GoldenCases;
import dev.rebound.operators.release.Lineage;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.operators.release.ModelPackages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A ranker fresh from training, ready to be packaged. Closing it frees its native memory. */
public final class TrainedRanker implements AutoCloseable {
    private static final int GOLDEN = 4;
    private static final String VOCABULARY_FILE = "vocabulary.txt";
    private static final String WEIGHTS_FILE = "ranker-0000.params";

    private final Model model;
    private final SequenceRanker.Architecture architecture;
    private final TrainedEncoder encoder;
    private final TrainerOptions options;
    private final EpochReport report;
    private final TrainingSet set;
    private final int trained;

    TrainedRanker(
            Model model,
            SequenceRanker.Architecture architecture,
            TrainedEncoder encoder,
            TrainerOptions options,
            EpochReport report,
            TrainingSet set,
            int trained) {
        this.model = model;
        this.architecture = architecture;
        this.encoder = encoder;
        this.options = options;
        this.report = report;
        this.set = set;
        this.trained = trained;
    }

    /** The best epoch. */
    public EpochReport report() {
        return report;
    }

    /**
     * Writes the package to a registry.
     *
     * @param registry folder of all models, on any file system of Flink's
     * @return the package's folder
     */
    public org.apache.flink.core.fs.Path write(
            org.apache.flink.core.fs.Path registry, String modelName, String version, Instant createdAt)
            throws IOException, ModelFailedException {
        return write(registry, modelName, version, createdAt, Lineage.ofThisCode(), Map.of());
    }

    /**
     * The same of a model that comes from another version.
     *
     * @param measured metrics beside those of the training
     */
    public org.apache.flink.core.fs.Path write(
            org.apache.flink.core.fs.Path registry,
            String modelName,
            String version,
            Instant createdAt,
            Lineage lineage,
            Map<String, Double> measured)
            throws IOException, ModelFailedException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(VOCABULARY_FILE, String.join("\n", encoder.itemIds()).getBytes(StandardCharsets.UTF_8));
        files.put(WEIGHTS_FILE, weights());
        files.put(ModelManifest.GOLDEN_FILE, golden(version).toJson());
        Map<String, String> sums = new TreeMap<>();
        files.forEach((name, bytes) -> sums.put(name, ModelPackages.sha256(bytes)));
        ModelManifest manifest = new ModelManifest(
                ModelManifest.FORMAT_DJL,
                modelName,
                version,
                architecture,
                ModelManifest.currentDenseFeatures(),
                architecture.encoder().sequenceLength(),
                VOCABULARY_FILE,
                WEIGHTS_FILE,
                Instant.ofEpochMilli(set.timeMillis(0)),
                Instant.ofEpochMilli(set.timeMillis(trained - 1)),
                createdAt,
                metrics(measured),
                sums,
                lineage);
        return ModelPackages.write(registry, manifest, files);
    }

    /** As it serves; closing it closes this too. */
    public RankingModel serving(String version) {
        return new DjlRankingModel(version, ItemVocabulary.of(encoder.itemIds()), model, set.width());
    }

    /** What it knows, for the next one to begin with. */
    public WarmStart warmStart() {
        return new WarmStart(architecture, encoder.itemIds(), (SequenceRanker) model.getBlock());
    }

    private Map<String, Double> metrics(Map<String, Double> measured) {
        Map<String, Double> metrics = new TreeMap<>(measured);
        metrics.put("validation_auc", report.auc());
        metrics.put("validation_ndcg@10", report.ndcg());
        metrics.put("retrieval_ndcg@10", report.retrievalNdcg());
        metrics.put("train_loss", report.trainLoss());
        metrics.put("epochs", (double) report.epoch());
        metrics.put("encoder_train_loss", encoder.report().trainLoss());
        metrics.put("encoder_validation_loss", encoder.report().validationLoss());
        metrics.put("encoder_validation_hits@20", encoder.report().validationHits());
        metrics.put("encoder_epochs", (double) encoder.report().epoch());
        metrics.put("class_weight_chosen", (double) options.classWeights().chosen());
        metrics.put("class_weight_by_action", (double) options.classWeights().byAction());
        metrics.put("seed", (double) options.seed());
        metrics.put("moments", (double) set.size());
        // An encoder that was taken over was not trained here.
        metrics.values().removeIf(value -> value.isNaN());
        return metrics;
    }

    private byte[] weights() throws IOException {
        Path folder = Files.createTempDirectory("rebound-train-");
        Path file = folder.resolve(WEIGHTS_FILE);
        try {
            model.save(folder, "ranker");
            return Files.readAllBytes(file);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    /** The first moments that were not trained on, with this model's scores. */
    private GoldenCases golden(String version) throws ModelFailedException {
        ItemVocabulary vocabulary = ItemVocabulary.of(encoder.itemIds());
        int[][] sequences = new int[GOLDEN][set.sequenceLength()];
        int[][] candidates = new int[GOLDEN][set.candidates()];
        float[][] dense = new float[GOLDEN][set.candidates() * set.width()];
        for (int i = 0; i < GOLDEN; i++) {
            int moment = trained + i;
            for (int n = 0; n < set.sequenceLength(); n++) {
                sequences[i][n] = vocabulary.row(set.recentItemKey(moment, n));
            }
            for (int c = 0; c < set.candidates(); c++) {
                candidates[i][c] = vocabulary.row(set.candidateKey(moment, c));
                for (int f = 0; f < set.width(); f++) {
                    dense[i][c * set.width() + f] = set.dense(moment, c, f);
                }
            }
        }
        // Not closed here: it would close the model that this object owns.
        return GoldenCases.scoredBy(serving(version), sequences, candidates, dense);
    }

    @Override
    public void close() {
        model.close();
        encoder.close();
    }
}
