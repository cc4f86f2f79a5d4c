package dev.rebound.operators.serialization;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Finds the serializers of kept state by the names that savepoints know them by. */
final class KeptSerializers {

    /** Savepoints of the first format name classes, by where they were then. */
    private static final Map<String, String> NAMES_OF_CLASSES = Map.of(
            "dev.rebound.operators.features.UserStateSerializer", "user",
            "dev.rebound.operators.features.UserCampaignsSerializer", "user-campaigns",
            "dev.rebound.operators.features.ItemStateSerializer", "item",
            "dev.rebound.operators.features.NeighboursSerializer", "neighbours",
            "dev.rebound.operators.features.CampaignStateSerializer", "campaign",
            "dev.rebound.operators.scoring.ScoringTaskSerializer", "scoring-task",
            "dev.rebound.operators.scoring.ScoredListSerializer", "scored-list",
            "dev.rebound.operators.training.FeedbackSerializer", "feedback",
            "dev.rebound.operators.release.guard.GuardStateSerializer", "release-guard",
            "dev.rebound.operators.retraining.SliceProgressSerializer", "slice-progress");

    private KeptSerializers() {}

    /**
     * @param classLoader that of the job's jar
     * @throws IOException if the jar has no serializer of that name
     */
    static RecordSerializer<?> named(String name, ClassLoader classLoader) throws IOException {
        return all(classLoader).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IOException("The savepoint names the serializer '" + name
                        + "', which this job jar does not have; restore it with the jar that made it"));
    }

    /** The name of a serializer that a savepoint of the first format knows by its class. */
    static String nameOfClass(String className) throws IOException {
        String name = NAMES_OF_CLASSES.get(className);
        if (name == null) {
            throw new IOException("The savepoint names the serializer class " + className
                    + ", which no version of this job kept state with; restore it with the jar that made it");
        }
        return name;
    }

    /** Every serializer whose records are kept. */
    @SuppressWarnings("rawtypes") // a service is loaded by its raw class
    static List<RecordSerializer> all(ClassLoader classLoader) {
        return ServiceLoader.load(RecordSerializer.class, classLoader).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
