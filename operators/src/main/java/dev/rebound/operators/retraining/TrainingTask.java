package dev.rebound.operators.retraining;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the trainer is to do, as it lies in its folder beside the examples and the LIVE version's package.
 *
 * @param liveVersion whose package lies in the folder
 * @param liveSha256 of that package's model.json
 * @param version of the package to be made
 * @param createdAtMillis of the package, fixed so that the same slice gives the same package
 * @param slice the newest one: it is compared on, those before it are replayed
 * @param comparedShare of the newest slice's moments, the newest ones, that are compared on and not trained on
 * @param leastGain in NDCG@10 that the lower end of the interval must exceed
 * @param seed of what is random in training
 */
record TrainingTask(
        String model,
        String liveVersion,
        String liveSha256,
        String version,
        long createdAtMillis,
        long slice,
        double comparedShare,
        double leastGain,
        int seed) {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final String FILE = "task.json";

    /** The examples in the trainer's folder, a {@link SliceFile}. */
    static final String EXAMPLES_FILE = "examples.bin";

    /** The registry in the trainer's folder that holds the LIVE version's package. */
    static final String LIVE_REGISTRY = "live";

    /** The registry in the trainer's folder that the new package is written to. */
    static final String NEW_REGISTRY = "new";

    void write(Path folder) throws IOException {
        JSON.writeValue(folder.resolve(FILE).toFile(), this);
    }

    static TrainingTask read(Path folder) throws IOException {
        return JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), TrainingTask.class);
    }

    org.apache.flink.core.fs.Path livePackage(Path folder) {
        return packageIn(folder.resolve(LIVE_REGISTRY), liveVersion);
    }

    org.apache.flink.core.fs.Path newPackage(Path folder) {
        return packageIn(folder.resolve(NEW_REGISTRY), version);
    }

    private org.apache.flink.core.fs.Path packageIn(Path registry, String packageVersion) {
        return new org.apache.flink.core.fs.Path(
                registry.resolve(model).resolve(packageVersion).toUri());
    }
}
