package dev.rebound.operators.release;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import dev.rebound.operators.scoring.DeviceChoice;
import dev.rebound.operators.scoring.DjlRankingModel;
import dev.rebound.operators.scoring.ItemVocabulary;
import dev.rebound.operators.scoring.ModelOpener;
import dev.rebound.operators.scoring.PyTorchEngine;
import dev.rebound.operators.scoring.RankingModel;
import dev.rebound.operators.scoring.SequenceRanker;
import dev.rebound.schemas.ModelRelease;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Fetches a package, checks it, loads it and runs its golden inputs. */
public final class ModelLoader implements ModelOpener {
    private static final long serialVersionUID = 1L;

    private final @Nullable String cacheFolder;
    private final DeviceChoice device;
    private final @Nullable String trustedKeysFolder;
    private final Serving serving;

    /** How a loaded model is made to serve; it then owns the model. */
    public interface Serving extends Serializable {
        RankingModel serve(String version, ItemVocabulary vocabulary, Model model);
    }

    /** @param cacheFolder local folder for the files while they are loaded; null for the JVM's temporary folder */
    public ModelLoader(@Nullable String cacheFolder, DeviceChoice device) {
        this(cacheFolder, device, null, DjlRankingModel::new);
    }

    /**
     * A loader of signed packages, or one whose models serve in another way than batch by batch.
     *
     * @param trustedKeysFolder local folder of the public keys, one of which must have signed a package; null to load
     *     unsigned ones too
     */
    public ModelLoader(
            @Nullable String cacheFolder, DeviceChoice device, @Nullable String trustedKeysFolder, Serving serving) {
        this.cacheFolder = cacheFolder;
        this.device = device;
        this.trustedKeysFolder = trustedKeysFolder;
        this.serving = serving;
    }

    @Override
    public RankingModel open(ModelRelease release, int maxUsers, int candidates)
            throws PackageRefusedException, IOException {
        Path folder = newFolder();
        try {
            return load(release.getPackageUri(), release.getSha256(), folder);
        } finally {
            delete(folder);
        }
    }

    private Path newFolder() throws IOException {
        if (cacheFolder == null) {
            return Files.createTempDirectory("rebound-model-");
        }
        Path cache = Path.of(cacheFolder);
        Files.createDirectories(cache);
        return Files.createTempDirectory(cache, "model-");
    }

    private RankingModel load(String uri, String sha256, Path folder) throws PackageRefusedException, IOException {
        // Read each time: a key that is no longer trusted is none from the next release on.
        TrustedKeys trusted = trustedKeysFolder == null ? null : TrustedKeys.in(Path.of(trustedKeysFolder));
        ModelManifest manifest = ModelPackages.fetch(uri, sha256, folder, trusted);
        RankingModel loaded = serve(uri, manifest, folder);
        try {
            GoldenCases.fromJson(Files.readAllBytes(folder.resolve(ModelManifest.GOLDEN_FILE)))
                    .require(loaded, uri);
            return loaded;
        } catch (PackageRefusedException | IOException | RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    /**
     * Loads the files of a local folder as they are, without a look at sums, signature or golden inputs.
     *
     * @param uri of the package, for errors
     */
    RankingModel serve(String uri, ModelManifest manifest, Path folder) throws PackageRefusedException, IOException {
        return serving.serve(
                manifest.version(),
                ItemVocabulary.of(Files.readAllLines(folder.resolve(manifest.vocabularyFile()))),
                weights(uri, manifest, folder));
    }

    private Model weights(String uri, ModelManifest manifest, Path folder) throws PackageRefusedException {
        Engine engine = PyTorchEngine.forServing();
        Model model = Model.newInstance(manifest.model(), device.resolve(engine), engine.getEngineName());
        try {
            if (ModelManifest.FORMAT_DJL.equals(manifest.format())) {
                model.setBlock(new SequenceRanker(manifest.architecture()));
                try (InputStream parameters = Files.newInputStream(folder.resolve(manifest.weightsFile()))) {
                    model.load(parameters);
                }
            } else {
                model.load(folder, manifest.weightsFile());
            }
            return model;
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            throw new PackageRefusedException(
                    uri, manifest.weightsFile() + " is no model of the architecture in model.json; train it again", e);
        }
    }

    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
