package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.EventType;
import dev.rebound.schemas.TrainingExample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The training examples of one answer, as far as they are checked. 48 bytes an example. */
final class WrittenExamples {
    private final List<Example> examples = new ArrayList<>(2);
    private final Set<String> replayed = new HashSet<>(2);
    private int replay;
    private int repeats;
    private long closedMillis = Long.MIN_VALUE;

    /**
     * One of them.
     *
     * @param label null in examples of before labels were known
     * @param tombstonesBefore of the user, in the topic
     */
    record Example(
            String recommendationId,
            String itemId,
            int position,
            String modelVersion,
            EventType action,
            @Nullable Float label,
            int tombstonesBefore) {

        private static Example of(TrainingExample record, int tombstonesBefore) {
            return new Example(
                    record.getRecommendationId(),
                    record.getItemId().intern(),
                    record.getPosition(),
                    record.getModelVersion().intern(),
                    record.getAction(),
                    record.getLabel(),
                    tombstonesBefore);
        }
    }

    /**
     * Adds one unless it came before.
     *
     * @param dropsRepeats whether what comes again is dropped
     * @param ofReplay number of the replay in which each may come once more; 0 where there is none
     * @return whether it is new, or readers see it again
     */
    boolean add(TrainingExample record, int tombstonesBefore, long writtenMillis, boolean dropsRepeats, int ofReplay) {
        closedMillis = Math.max(closedMillis, writtenMillis);
        if (replay != ofReplay) {
            replay = ofReplay;
            replayed.clear();
        }
        if (!has(record)) {
            examples.add(Example.of(record, tombstonesBefore));
            return true;
        }
        if (dropsRepeats || (ofReplay > 0 && replayed.add(record.getRecommendationId() + '\n' + record.getItemId()))) {
            return false;
        }
        repeats++;
        return true;
    }

    private boolean has(TrainingExample record) {
        return examples.stream()
                .anyMatch(each -> each.itemId().equals(record.getItemId())
                        && each.recommendationId().equals(record.getRecommendationId()));
    }

    List<Example> all() {
        return examples;
    }

    boolean has(String itemId) {
        return examples.stream().anyMatch(each -> each.itemId().equals(itemId));
    }

    int repeats() {
        return repeats;
    }

    /** When the last of them was written. */
    long closedMillis() {
        return closedMillis;
    }
}
