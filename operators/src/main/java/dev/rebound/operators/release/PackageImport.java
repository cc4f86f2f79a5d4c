package dev.rebound.operators.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A package that was made elsewhere, on its way into a registry. What its manifest leaves out is filled in, the model is
 * run as a job would run it, and only then is it written. Loading it runs the code that a TorchScript archive holds.
 */
public final class PackageImport {
    private static final String VOCABULARY_FILE = "vocabulary.txt";
    private static final int GOLDEN_USERS = 4;
    private static final int GOLDEN_CANDIDATES = 20;

    private final String source;
    private final ObjectNode manifest;
    private final Map<String, byte[]> files;
    private final List<String> filledIn = new ArrayList<>();

    private PackageImport(String source, ObjectNode manifest, Map<String, byte[]> files) {
        this.source = source;
        this.manifest = manifest;
        this.files = files;
    }

    /**
     * A folder with a {@code model.json} and the files that it names.
     *
     * @throws PackageRefusedException if a file is missing, or is not what the manifest says
     */
    public static PackageImport folder(Path folder) throws IOException, PackageRefusedException {
        byte[] json = ModelPackages.read(new Path(folder, ModelManifest.FILE));
        PackageImport read = new PackageImport(folder.toString(), object(folder, json), new LinkedHashMap<>());
        read.files.put(ModelManifest.FILE, json);
        List<String> names = new ArrayList<>(List.of(
                read.text("vocabularyFile", VOCABULARY_FILE), read.text("weightsFile", ""), ModelManifest.GOLDEN_FILE));
        read.manifest.path("files").fieldNames().forEachRemaining(names::add);
        names.add(PackageSignature.FILE);
        for (String name : names.stream().distinct().toList()) {
            byte[] bytes = name.isEmpty() ? null : ModelPackages.readIfThere(new Path(folder, name));
            if (bytes != null) {
                read.files.put(name, bytes);
            }
        }
        return read;
    }

    /**
     * A TorchScript file.
     *
     * @param manifest JSON of the fields of {@link ModelManifest} that cannot be known otherwise: {@code denseFeatures} and
     *     {@code sequenceLength}, and whatever else is known
     * @param vocabulary item ids, one a line; the first is row 1
     */
    public static PackageImport torchScript(Path file, Path manifest, Path vocabulary) throws IOException {
        PackageImport read = new PackageImport(
                file.toString(), object(manifest, ModelPackages.read(manifest)), new LinkedHashMap<>());
        read.files.put(file.getName(), ModelPackages.read(file));
        read.files.put(VOCABULARY_FILE, ModelPackages.read(vocabulary));
        read.manifest.put("weightsFile", file.getName());
        read.manifest.put("vocabularyFile", VOCABULARY_FILE);
        read.manifest.remove("files");
        return read;
    }

    private static ObjectNode object(Path file, byte[] json) throws IOException {
        try {
            JsonNode node = ModelManifest.JSON.readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no JSON: " + e.getMessage(), e);
        }
        throw new IOException(file + " is no JSON object");
    }

    private String text(String field, String otherwise) {
        return manifest.path(field).asText(otherwise);
    }

    /** Names the model where the manifest does not. */
    public PackageImport named(String model) {
        if (!manifest.hasNonNull("model")) {
            manifest.put("model", model);
        }
        return this;
    }

    /** Gives it another version than its manifest. */
    public PackageImport versioned(@Nullable String version) {
        if (version != null) {
            manifest.put("version", version);
        }
        return this;
    }

    /** Where it comes from, where the manifest does not say. */
    public PackageImport madeFrom(Lineage lineage) {
        manifest.set("lineage", ModelManifest.JSON.valueToTree(lineage));
        return this;
    }

    /**
     * A package that was loaded, run and found good.
     *
     * @param filledIn what its manifest left out and was made here, in words
     * @param signed whether its maker's signature still holds
     */
    public record Checked(ModelManifest manifest, Map<String, byte[]> files, List<String> filledIn, boolean signed) {

        /**
         * Writes it to a registry.
         *
         * @return the package's folder
         */
        public Path write(Path registry) throws IOException {
            return ModelPackages.write(registry, manifest.model(), manifest.version(), files);
        }
    }

    /**
     * Fills in what is missing and runs the model.
     *
     * @throws PackageRefusedException saying what is wrong with it
     */
    public Checked check(DeviceChoice device) throws PackageRefusedException, IOException {
        requireGivenSums();
        fillIn("format", ModelManifest.FORMAT_TORCHSCRIPT);
        fillIn("vocabularyFile", VOCABULARY_FILE);
        fillIn("createdAt", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        if (!manifest.hasNonNull("metrics")) {
            manifest.putObject("metrics");
        }
        ModelLoader loader = new ModelLoader(null, device);
        java.nio.file.Path folder = Files.createTempDirectory("rebound-import-");
        try {
            ModelManifest unsummed = manifestNow();
            unsummed.requirePlainNames(source);
            unsummed.requireServable(source);
            requirePresent(unsummed.weightsFile());
            requirePresent(unsummed.vocabularyFile());
            write(folder);
            if (!files.containsKey(ModelManifest.GOLDEN_FILE)) {
                byte[] golden = goldenOf(loader, unsummed, folder);
                files.put(ModelManifest.GOLDEN_FILE, golden);
                filledIn.add(ModelManifest.GOLDEN_FILE + " (" + GOLDEN_USERS + " made-up users, scored here)");
            }
            sum();
            boolean signed = files.containsKey(PackageSignature.FILE);
            ModelManifest whole = manifestNow();
            write(folder);
            run(loader, whole, folder);
            return new Checked(whole, files, List.copyOf(filledIn), signed);
        } finally {
            PackageCache.delete(folder);
        }
    }

    private void requireGivenSums() throws PackageRefusedException {
        for (Map.Entry<String, JsonNode> sum : manifest.path("files").properties()) {
            ModelPackages.requireSum(
                    source,
                    sum.getKey(),
                    requirePresent(sum.getKey()),
                    sum.getValue().asText());
        }
    }

    private byte[] requirePresent(@Nullable String file) throws PackageRefusedException {
        byte[] bytes = file == null ? null : files.get(file);
        if (bytes == null) {
            throw new PackageRefusedException(
                    source,
                    (file == null ? ModelManifest.FILE + " names no weightsFile" : file + " is missing")
                            + "; a package is " + ModelManifest.FILE + ", the weights and the vocabulary",
                    null);
        }
        return bytes;
    }

    private void fillIn(String field, String value) {
        if (!manifest.hasNonNull(field)) {
            manifest.put(field, value);
            filledIn.add(field + " " + value);
        }
    }

    private ModelManifest manifestNow() throws PackageRefusedException {
        try {
            if (!manifest.has("files")) {
                manifest.putObject("files");
            }
            return ModelManifest.JSON.treeToValue(manifest, ModelManifest.class);
        } catch (JsonProcessingException e) {
            throw new PackageRefusedException(source, ModelManifest.FILE + ": " + e.getOriginalMessage(), e);
        }
    }

    /** Lists the sums of all files; the manifest's bytes, and with them the signature, stay if nothing was to be added. */
    private void sum() throws PackageRefusedException, IOException {
        Map<String, String> sums = new TreeMap<>();
        files.forEach((name, bytes) -> {
            if (!name.equals(ModelManifest.FILE) && !name.equals(PackageSignature.FILE)) {
                sums.put(name, ModelPackages.sha256(bytes));
            }
        });
        manifest.set("files", ModelManifest.JSON.valueToTree(sums));
        byte[] given = files.get(ModelManifest.FILE);
        if (given == null || !ModelManifest.JSON.readTree(given).equals(manifest)) {
            files.put(ModelManifest.FILE, manifestNow().toJson());
            if (files.remove(PackageSignature.FILE) != null) {
                filledIn.add("the signature that came with it no longer holds and was left out");
            }
        }
    }

    private void write(java.nio.file.Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private byte[] goldenOf(ModelLoader loader, ModelManifest known, java.nio.file.Path folder)
            throws PackageRefusedException, IOException {
        try (RankingModel model = loader.serve(source, known, folder)) {
            SampleInputs inputs = SampleInputs.of(
                    GOLDEN_USERS, GOLDEN_CANDIDATES, model.vocabulary().size());
            return GoldenCases.scoredBy(model, inputs.sequences(), inputs.candidates(), inputs.dense())
                    .toJson();
        } catch (ModelFailedException e) {
            throw refused(e);
        }
    }

    /** As a job does it, and then in batches of several sizes. */
    private void run(ModelLoader loader, ModelManifest whole, java.nio.file.Path folder)
            throws PackageRefusedException, IOException {
        ModelRelease release = ModelRelease.newBuilder()
                .setModel(whole.model())
                .setVersion(whole.version())
                .setPackageUri(folder.toUri().toString())
                .setSha256(ModelPackages.sha256(requirePresent(ModelManifest.FILE)))
                .setStage(ReleaseStage.UNKNOWN)
                .setIssuedAt(0)
                .build();
        try (RankingModel model = loader.open(release, 64, 100)) {
            for (int users : new int[] {1, 3, 64}) {
                for (int candidates : new int[] {10, 100}) {
                    SampleInputs inputs = SampleInputs.of(
                            users, candidates, model.vocabulary().size());
                    GoldenCases scored =
                            GoldenCases.scoredBy(model, inputs.sequences(), inputs.candidates(), inputs.dense());
                    requireProbabilities(scored.scores());
                }
            }
        } catch (ModelFailedException e) {
            throw refused(e);
        } catch (PackageRefusedException e) {
            throw new PackageRefusedException(source, String.valueOf(e.getMessage()), e);
        }
    }

    private void requireProbabilities(float[][] scores) throws PackageRefusedException {
        for (float[] user : scores) {
            for (float score : user) {
                if (score > 1) {
                    throw new PackageRefusedException(
                            source,
                            "it returns the score " + score + ", which is no probability: end with a sigmoid",
                            null);
                }
            }
        }
    }

    private PackageRefusedException refused(ModelFailedException cause) {
        return new PackageRefusedException(
                source,
                cause.getMessage()
                        + "; a model maps int32 (users, length), int32 (users, n), float32 (users, n, features) to"
                        + " probabilities, float32 (users, n), for any number of users",
                cause);
    }
}
