package dev.rebound.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.operators.release.ModelPackages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;

/**
 * Packages in a registry: a good one, made by PyTorch ({@code deploy/pytorch/make_model.py}), and some that are wrong in
 * one way each, the good one damaged or modules that PyTorch made so ({@code deploy/pytorch/make_bad_models.py}).
 */
final class TestPackages {
    private static final Path TORCHSCRIPT = Path.of("../../operators/src/test/resources/torchscript");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOOD = "t1";
    private static final String WEIGHTS = "ranker.pt";
    private static final String VOCABULARY = "vocabulary.txt";

    private final FileSystem files;
    private final org.apache.flink.core.fs.Path registry;

    TestPackages(org.apache.flink.core.fs.Path registry, String model) throws IOException {
        this.registry = new org.apache.flink.core.fs.Path(registry, model);
        this.files = this.registry.getFileSystem();
    }

    /** Writes the good one as a version. */
    void writeGood(String version) throws IOException {
        write(version, good(version));
    }

    private static Map<String, byte[]> good(String version) throws IOException {
        Map<String, byte[]> all = torchscript(GOOD);
        edit(all, manifest -> manifest.put("version", version));
        return all;
    }

    /**
     * A version that must not serve.
     *
     * @param reason of the alert
     * @param says part of its message
     */
    record Case(String version, String reason, String says) {
        static Case refused(String version, String says) {
            return new Case(version, "MODEL_REFUSED", says);
        }

        /** It may be there later: nobody has proven it bad. */
        static Case unavailable(String version, String says) {
            return new Case(version, "MODEL_UNAVAILABLE", says);
        }

        /** Of the alert. */
        String command() {
            return reason.equals("MODEL_UNAVAILABLE") ? "rebound doctor" : "rebound model retire " + version;
        }

        static Case contained(String version, String says) {
            return new Case(version, "MODEL_FAILED", says);
        }
    }

    /** Writes the bad ones. */
    List<Case> writeBad() throws IOException {
        for (String version : List.of("wrong-shape", "slow", "throws", "nan", "nan-on-some")) {
            write(version, torchscript(version));
        }
        damaged("truncated", WEIGHTS, bytes -> Arrays.copyOf(bytes, bytes.length / 2), true);
        damaged("no-vocabulary", VOCABULARY, bytes -> null, false);
        damaged("wrong-sum", WEIGHTS, TestPackages::flipped, false);
        return List.of(
                Case.refused("wrong-shape", "shape"),
                Case.refused("truncated", WEIGHTS),
                Case.unavailable("no-vocabulary", VOCABULARY),
                Case.refused("wrong-sum", "SHA-256"),
                Case.refused("slow", "--model.max-batch-latency"),
                Case.contained("throws", "a user with three recent items"),
                Case.refused("nan", "NaN"),
                Case.contained("nan-on-some", "NaN"));
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[changed.length / 2] ^= 1;
        return changed;
    }

    /** @param summed whether the manifest's sum is that of the damaged file */
    private void damaged(String version, String file, UnaryOperator<byte[]> damage, boolean summed) throws IOException {
        Map<String, byte[]> damaged = good(version);
        byte[] bytes = damage.apply(damaged.remove(file));
        if (bytes != null) {
            damaged.put(file, bytes);
        }
        if (summed) {
            edit(damaged, manifest -> ((ObjectNode) manifest.get("files")).put(file, ModelPackages.sha256(bytes)));
        }
        write(version, damaged);
    }

    private static void edit(Map<String, byte[]> of, Consumer<ObjectNode> change) throws IOException {
        ObjectNode manifest = (ObjectNode) JSON.readTree(of.get(ModelManifest.FILE));
        change.accept(manifest);
        of.put(ModelManifest.FILE, JSON.writeValueAsBytes(manifest));
    }

    private static Map<String, byte[]> torchscript(String name) throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        try (var listed = Files.list(TORCHSCRIPT.resolve(name))) {
            listed.forEach(file -> {
                try {
                    all.put(file.getFileName().toString(), Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return all;
    }

    private void write(String version, Map<String, byte[]> all) throws IOException {
        org.apache.flink.core.fs.Path folder = new org.apache.flink.core.fs.Path(registry, version);
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            try (var out =
                    files.create(new org.apache.flink.core.fs.Path(folder, file.getKey()), WriteMode.OVERWRITE)) {
                out.write(file.getValue());
            }
        }
    }
}
