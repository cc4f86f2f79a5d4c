package dev.rebound.operators.release;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.DjlRankingModel;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelOpener;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.SequenceRanker;
import dev.rebound.schemas.ModelRelease;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.flink.util.Preconditions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a package into memory: fetches it, from the local cache if it served lately, checks it, loads it, runs its golden
 * inputs, and has it score full batches within its {@link ModelLimits}.
 */
public final class ModelLoader implements ModelOpener {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

    private final @Nullable String cacheFolder;
    private final DeviceChoice device;
    private final @Nullable String trustedKeysFolder;
    private final ModelLimits limits;
    private final Serving serving;

    /** How a loaded model is made to serve; it then owns the model. */
    public interface Serving extends Serializable {
        /** @param denseFeatures how many the model reads, the first ones */
        RankingModel serve(String version, ItemVocabulary vocabulary, Model model, int denseFeatures);
    }

    /** @param cacheFolder local folder for recent packages; null for one in the JVM's temporary folder */
    public ModelLoader(@Nullable String cacheFolder, DeviceChoice device) {
        this(cacheFolder, device, null, ModelLimits.DEFAULT, DjlRankingModel::new);
    }

    /**
     * A loader of signed packages, or one with other limits, or one whose models serve in another way than batch by batch.
     *
     * @param trustedKeysFolder local folder of the public keys, one of which must have signed a package; null to load
     *     unsigned ones too
     */
    public ModelLoader(
            @Nullable String cacheFolder,
            DeviceChoice device,
            @Nullable String trustedKeysFolder,
            ModelLimits limits,
            Serving serving) {
        this.cacheFolder = cacheFolder;
        this.device = device;
        this.trustedKeysFolder = trustedKeysFolder;
        this.limits = limits;
        this.serving = serving;
    }

    @Override
    public RankingModel open(ModelRelease release, int maxUsers, int candidates)
            throws PackageRefusedException, IOException {
        PackageCache cache = PackageCache.in(cacheFolder());
        Optional<Path> cached = cache.find(release.getSha256());
        if (cached.isPresent()) {
            try {
                RankingModel model = open(cached.get().toUri().toString(), release, maxUsers, candidates, cache, false);
                LOG.info("Model package {} came from the local cache {}", release.getPackageUri(), cached.get());
                return model;
            } catch (PackageRefusedException | IOException e) {
                LOG.warn("{} is of no use; fetching {}", cached.get(), release.getPackageUri(), e);
            }
        }
        return open(release.getPackageUri(), release, maxUsers, candidates, cache, true);
    }

    private Path cacheFolder() {
        return cacheFolder != null
                ? Path.of(cacheFolder)
                : Path.of(System.getProperty("java.io.tmpdir"), "rebound-models-" + System.getProperty("user.name"));
    }

    /** @param keep whether the package is kept if it is good; not if it comes from the cache */
    private RankingModel open(
            String uri, ModelRelease release, int maxUsers, int candidates, PackageCache cache, boolean keep)
            throws PackageRefusedException, IOException {
        Path folder = cache.newFolder();
        try {
            // Read each time: a key that is no longer trusted is none from the next release on.
            TrustedKeys trusted = trustedKeysFolder == null ? null : TrustedKeys.in(Path.of(trustedKeysFolder));
            ModelManifest manifest = ModelPackages.fetch(uri, release.getSha256(), folder, trusted);
            requireVersion(uri, manifest, release);
            RankingModel model = withinMemory(uri, manifest, folder, maxUsers, candidates);
            if (keep) {
                cache.keep(folder, release.getSha256());
            }
            return model;
        } finally {
            PackageCache.delete(folder);
        }
    }

    /** Outputs are marked with the version of the manifest. */
    private static void requireVersion(String uri, ModelManifest manifest, ModelRelease release)
            throws PackageRefusedException {
        if (!manifest.version().equals(release.getVersion())) {
            throw new PackageRefusedException(
                    uri,
                    ModelManifest.FILE + " is of version " + manifest.version() + ", the release of "
                            + release.getVersion() + "; issue a release of that version",
                    null);
        }
    }

    /**
     * Of two loads one may grow with the rest of the process, and so may both where other tasks load too: too much growth is
     * no proof against the package.
     */
    private RankingModel withinMemory(String uri, ModelManifest manifest, Path folder, int maxUsers, int candidates)
            throws PackageRefusedException, IOException {
        long growth = 0;
        for (int attempt = 0; attempt < 2; attempt++) {
            try (ResidentMemory memory = ResidentMemory.watch()) {
                RankingModel model = load(uri, manifest, folder, maxUsers, candidates);
                growth = memory.growth();
                if (growth <= limits.memoryBytes()) {
                    return model;
                }
                model.close();
            }
        }
        throw new IOException("Model package " + uri + ": with it the process grew by " + (growth >> 20)
                + " MiB, the limit is " + (limits.memoryBytes() >> 20)
                + " MiB; if that goes on, make it smaller, or raise"
                + " --model.max-memory and taskmanager.memory.task.off-heap.size");
    }

    private RankingModel load(String uri, ModelManifest manifest, Path folder, int maxUsers, int candidates)
            throws PackageRefusedException, IOException {
        RankingModel loaded = serve(uri, manifest, folder);
        try {
            GoldenCases.fromJson(Files.readAllBytes(folder.resolve(ModelManifest.GOLDEN_FILE)))
                    .require(loaded, uri);
            new ModelProbe(loaded, maxUsers, candidates, clock()).require(limits.batchLatency(), uri);
            return loaded;
        } catch (PackageRefusedException | IOException | RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    /**
     * On a CPU the time that this thread worked, so that a busy machine is not held against a model; it is all of libtorch's
     * threads. On a GPU the time that passed.
     */
    private LongSupplier clock() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        boolean onCpu = !device.resolve(PyTorchEngine.forServing()).isGpu();
        return onCpu && threads.isCurrentThreadCpuTimeSupported() ? threads::getCurrentThreadCpuTime : System::nanoTime;
    }

    /**
     * Loads the files of a local folder as they are, without a look at sums, signature or golden inputs.
     *
     * @param uri of the package, for errors
     */
    RankingModel serve(String uri, ModelManifest manifest, Path folder) throws PackageRefusedException, IOException {
        ItemVocabulary vocabulary = ItemVocabulary.of(Files.readAllLines(folder.resolve(manifest.vocabularyFile())));
        requireRows(uri, manifest, vocabulary);
        return serving.serve(
                manifest.version(),
                vocabulary,
                weights(uri, manifest, folder),
                manifest.denseFeatures().size());
    }

    /** Rows that the embedding table lacks would be read from beyond its end, or fail a batch. */
    private static void requireRows(String uri, ModelManifest manifest, ItemVocabulary vocabulary)
            throws PackageRefusedException {
        SequenceRanker.Architecture architecture = manifest.architecture();
        if (architecture != null && architecture.encoder().vocabularySize() < vocabulary.size()) {
            throw new PackageRefusedException(
                    uri,
                    manifest.vocabularyFile() + " needs " + vocabulary.size() + " rows, the embedding table of "
                            + ModelManifest.FILE + " has "
                            + architecture.encoder().vocabularySize() + "; train it again",
                    null);
        }
    }

    private Model weights(String uri, ModelManifest manifest, Path folder) throws PackageRefusedException {
        Engine engine = PyTorchEngine.forServing();
        Model model = Model.newInstance(manifest.model(), device.resolve(engine), engine.getEngineName());
        try {
            if (ModelManifest.FORMAT_DJL.equals(manifest.format())) {
                model.setBlock(new SequenceRanker(Preconditions.checkNotNull(manifest.architecture())));
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
}
