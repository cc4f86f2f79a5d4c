package dev.rebound.operators.release;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.SequenceRanker;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code model.json} of a package: what the model is, what it reads, what it was trained on, and the sums of its
 * files.
 *
 * @param format {@code djl} for a {@link SequenceRanker}, {@code torchscript} for a traced or scripted module
 * @param architecture sizes; only of format {@code djl}
 * @param denseFeatures names in the order of the third input
 * @param sequenceLength recent items in the first input
 * @param vocabularyFile item ids, one a line; the first is row 1
 * @param weightsFile the parameters or module
 * @param trainedFrom time of the oldest moment that it was trained on; null where whoever made it did not say
 * @param trainedTo time of the newest
 * @param metrics by name, such as {@code validation_ndcg@10}
 * @param files SHA-256 in lower-case hex of every other file
 * @param lineage null in packages from before it was kept
 */
public record ModelManifest(
        String format,
        String model,
        String version,
        SequenceRanker.@Nullable Architecture architecture,
        List<String> denseFeatures,
        int sequenceLength,
        String vocabularyFile,
        String weightsFile,
        @Nullable Instant trainedFrom,
        @Nullable Instant trainedTo,
        Instant createdAt,
        Map<String, Double> metrics,
        Map<String, String> files,
        @Nullable Lineage lineage) {

    /** Name of the manifest in its package. */
    public static final String FILE = "model.json";

    /** Name of the golden inputs and scores in the package. */
    public static final String GOLDEN_FILE = "golden.json";

    public static final String FORMAT_DJL = "djl";
    public static final String FORMAT_TORCHSCRIPT = "torchscript";

    /** Names become folders and files: none may lead out of its own, or be hidden. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*");

    static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            // What another version of the code adds or had does not keep this one from reading the rest.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /** Names of the dense features of this code, in order. */
    public static List<String> currentDenseFeatures() {
        return Arrays.stream(DenseFeature.values())
                .map(DenseFeature::featureName)
                .toList();
    }

    /** The fields of a manifest that say what this code feeds to a model, as JSON. */
    public static byte[] inputsToJson() throws IOException {
        return JSON.writeValueAsBytes(inputs());
    }

    /** The same as values: {@code denseFeatures} and {@code sequenceLength}. */
    public static Map<String, Object> inputs() {
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put("denseFeatures", currentDenseFeatures());
        inputs.put("sequenceLength", FeatureBatch.SEQUENCE_LENGTH);
        return inputs;
    }

    public byte[] toJson() throws IOException {
        return JSON.writeValueAsBytes(this);
    }

    public static ModelManifest fromJson(byte[] json) throws IOException {
        return JSON.readValue(json, ModelManifest.class);
    }

    /**
     * Checks that the names of the model, the version and the files are plain names.
     *
     * @throws PackageRefusedException naming the first that is not
     */
    void requirePlainNames(String packageUri) throws PackageRefusedException {
        requirePlainName(packageUri, "model", model);
        requirePlainName(packageUri, "version", version);
        for (String file : files.keySet()) {
            requirePlainName(packageUri, "file", file);
        }
        if (files.containsKey(FILE) || files.containsKey(PackageSignature.FILE)) {
            throw new PackageRefusedException(
                    packageUri, FILE + " lists a sum of itself or of its signature, which cannot be", null);
        }
    }

    private static void requirePlainName(String packageUri, String what, @Nullable String name)
            throws PackageRefusedException {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new PackageRefusedException(
                    packageUri,
                    FILE + " has the " + what + " name " + name
                            + ": only letters, digits, and _ . + - are allowed, and the last three not at its begin",
                    null);
        }
    }

    /**
     * Checks that this code can feed the model. New features come at the end: a model that knows only those of an earlier
     * version of the code is fed with these.
     *
     * @throws PackageRefusedException if it wants other features or another sequence
     */
    public void requireServable(String packageUri) throws PackageRefusedException {
        List<String> current = currentDenseFeatures();
        int wanted = denseFeatures == null ? 0 : denseFeatures.size();
        boolean known = wanted > 0
                && wanted <= current.size()
                && current.subList(0, wanted).equals(denseFeatures);
        if (!known) {
            throw new PackageRefusedException(
                    packageUri,
                    FILE + " wants the dense features " + denseFeatures + ", this job makes " + current
                            + ": train the model with this version of Rebound",
                    null);
        }
        if (sequenceLength != FeatureBatch.SEQUENCE_LENGTH) {
            throw new PackageRefusedException(
                    packageUri,
                    FILE + " wants sequences of " + sequenceLength + ", this job makes " + FeatureBatch.SEQUENCE_LENGTH,
                    null);
        }
        if (FORMAT_DJL.equals(format) && architecture != null && architecture.encoder() == null) {
            throw new PackageRefusedException(
                    packageUri,
                    FILE + " is of a model without an encoder, which versions before this one made: train it again",
                    null);
        }
        boolean djl = FORMAT_DJL.equals(format) && architecture != null;
        if (!djl && !FORMAT_TORCHSCRIPT.equals(format)) {
            throw new PackageRefusedException(
                    packageUri,
                    FILE + " has the format " + format + ": only djl (with its sizes) and torchscript are known",
                    null);
        }
    }
}
