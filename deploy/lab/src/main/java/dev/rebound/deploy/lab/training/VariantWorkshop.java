package dev.rebound.deploy.lab.training;

import ai.djl.Model;
import dev.rebound.deploy.lab.evaluation.VariantComparison;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.DjlRankingModel;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.SequenceRanker;
import dev.rebound.operators.release.GoldenCases;
import dev.rebound.operators.release.Lineage;
import dev.rebound.operators.release.ModelLimits;
import dev.rebound.operators.release.ModelLoader;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.operators.release.PackageImport;
import dev.rebound.operators.release.PackageRefusedException;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.operators.training.TrainingSet;
import dev.rebound.operators.training.WarmStart;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Makes or takes a variant of a registered version, and compares the two before anybody else can see the variant. */
public final class VariantWorkshop implements AutoCloseable {
    private static final int MOST_USERS = 64;

    private final Path registry;
    private final Path bench;
    private final Path parentFolder;
    private final ModelManifest parent;
    private final ModelTraining training;
    private final TrainingSet moments;
    private final DeviceChoice device;
    private final ModelLoader loader;
    private @Nullable WarmStart known;

    /**
     * @param bench an empty folder for packages that nobody may see yet
     * @param events whose newest choices both are compared on
     */
    public VariantWorkshop(
            Path registry,
            Path bench,
            String model,
            String parentVersion,
            ModelTraining training,
            EventSource events,
            DeviceChoice device) {
        this.registry = registry;
        this.bench = bench;
        this.parentFolder = new Path(new Path(registry, model), parentVersion);
        this.training = training;
        this.device = device;
        this.loader = new ModelLoader(null, device);
        try {
            this.parent = ModelManifest.fromJson(ModelPackages.readManifest(parentFolder));
        } catch (IOException e) {
            throw new CommandFailedException(
                    "There is no readable model package " + parentFolder + ": " + e.getMessage()
                            + ". See what there is with: rebound model list",
                    e);
        }
        try (RankingModel original = open(parentFolder, parent)) {
            this.moments = training.moments(events, Long.MAX_VALUE, original.encoder());
        } catch (IOException | PackageRefusedException e) {
            throw failed(e);
        }
    }

    /** A small model that was trained to score as the parent does. */
    public PackageImport distil(String version) {
        ModelLoader reading = new ModelLoader(null, device, null, ModelLimits.DEFAULT, this::teach);
        try (RankingModel teacher = open(reading, parentFolder, parent);
                TrainedRanker student = training.distil(teacher, known().encoder(), moments)) {
            Path written =
                    student.write(bench, parent.model(), version, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            return PackageImport.folder(written);
        } catch (IOException | PackageRefusedException | ModelFailedException e) {
            throw failed(e);
        }
    }

    private RankingModel teach(String version, ItemVocabulary vocabulary, Model model, int denseFeatures) {
        if (model.getBlock() instanceof SequenceRanker ranker && parent.architecture() != null) {
            try {
                known = new WarmStart(parent.architecture(), vocabulary(), ranker);
            } catch (IOException e) {
                throw failed(e);
            }
        }
        return new DjlRankingModel(version, vocabulary, model, denseFeatures);
    }

    private WarmStart known() {
        if (known == null) {
            throw new CommandFailedException(
                    "Version " + parent.version() + " is of the format " + parent.format()
                            + ": a distilled variant is made of versions of rebound model train; make this one smaller in PyTorch");
        }
        return known;
    }

    private List<String> vocabulary() throws IOException {
        return new String(ModelPackages.readFile(parentFolder, parent.vocabularyFile()), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /**
     * Checks a variant as any package from elsewhere is checked, under its new name.
     *
     * @throws CommandFailedException if it is bad, or has another vocabulary than the parent
     */
    public PackageImport.Checked check(PackageImport made, VariantKind kind, String version) {
        try {
            PackageImport.Checked checked = made.named(parent.model())
                    .versioned(version)
                    .madeFrom(Lineage.variantOf(parent.version(), kind.label()))
                    .check(device);
            String file = checked.manifest().vocabularyFile();
            if (!new String(checked.files().get(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList()
                    .equals(vocabulary())) {
                throw new CommandFailedException("The variant's " + file + " is not that of version " + parent.version()
                        + ": it is another model, which rebound model publish brings into the registry");
            }
            return checked;
        } catch (IOException | PackageRefusedException e) {
            throw failed(e);
        }
    }

    /** Both beside each other, on the newest moments. */
    public VariantComparison compare(PackageImport.Checked variant) {
        try {
            Path folder = variant.write(new Path(bench, "checked"));
            int from = (int) (moments.size() * (1 - TrainerOptions.distilled(0).validationShare()));
            GoldenCases golden = GoldenCases.fromJson(ModelPackages.readFile(parentFolder, ModelManifest.GOLDEN_FILE));
            try (RankingModel original = open(parentFolder, parent);
                    RankingModel other = open(folder, variant.manifest())) {
                return VariantComparison.of(original, other, golden, moments, from);
            }
        } catch (IOException | PackageRefusedException | ModelFailedException e) {
            throw failed(e);
        }
    }

    /** Size of the parent's weights. */
    public long parentBytes() {
        try {
            return ModelPackages.readFile(parentFolder, parent.weightsFile()).length;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    public static long bytes(PackageImport.Checked variant) {
        return variant.files().get(variant.manifest().weightsFile()).length;
    }

    /** Brings the variant into the registry. */
    public Path write(PackageImport.Checked variant) {
        try {
            return variant.write(registry);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private RankingModel open(Path folder, ModelManifest manifest) throws IOException, PackageRefusedException {
        return open(loader, folder, manifest);
    }

    private static RankingModel open(ModelLoader loader, Path folder, ModelManifest manifest)
            throws IOException, PackageRefusedException {
        ModelRelease release = ModelRelease.newBuilder()
                .setModel(manifest.model())
                .setVersion(manifest.version())
                .setPackageUri(folder.toString())
                .setSha256(ModelPackages.sha256(ModelPackages.readManifest(folder)))
                .setStage(ReleaseStage.UNKNOWN)
                .setIssuedAt(0)
                .build();
        return loader.open(release, MOST_USERS, ModelTraining.CANDIDATES);
    }

    private CommandFailedException failed(Exception cause) {
        return new CommandFailedException(
                "No variant of " + parent.model() + "/" + parent.version() + " was made: " + cause.getMessage(), cause);
    }

    @Override
    public void close() throws IOException {
        FileSystem fileSystem = bench.getFileSystem();
        fileSystem.delete(bench, true);
    }
}
