package dev.rebound.deploy.ops.reconcile;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.TrainingExample;
import dev.rebound.schemas.UndecodableRecordException;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What came out, read committed. Recommendations are kept as what is checked of them. */
public final class Outcome {
    private final RecordCodec<UserProfile> profileCodec = RecordCodec.of(UserProfile.class);
    private final RecordCodec<Recommendation> recommendationCodec = RecordCodec.of(Recommendation.class);
    private final RecordCodec<TrainingExample> exampleCodec = RecordCodec.of(TrainingExample.class);
    private final RecordCodec<DeadLetter> deadLetterCodec = RecordCodec.of(DeadLetter.class);
    private final Map<String, Map<EventType, Long>> countsByUser = new HashMap<>();
    private final Set<String> recommendationIds = new HashSet<>();
    private final Set<Cause> causes = new HashSet<>();
    private final Map<Cause, List<String>> repeatedIds = new HashMap<>();
    private final Set<String> erasedInRecommendations = new HashSet<>();
    private final Map<String, Long> byModelVersion = new HashMap<>();
    private final List<Shown> shown = new ArrayList<>();
    private final Set<String> answered = new HashSet<>();
    private final Map<Position, List<DeadLetter>> deadLetters = new HashMap<>();
    private final WrittenExamples examples;
    private final boolean dropsRepeats;
    private final Map<Cause, Integer> replays = new HashMap<>();
    private final Set<String> idsSinceReplay = new HashSet<>();
    private final Set<Position> lettersSinceReplay = new HashSet<>();
    private long replaySinceMillis = Long.MAX_VALUE;
    private long lastProducedMillis = Long.MIN_VALUE;

    public Outcome() {
        this(false);
    }

    /** @param dropsRepeats whether what comes again with the same id is dropped, as its readers do */
    public Outcome(boolean dropsRepeats) {
        this.dropsRepeats = dropsRepeats;
        this.examples = new WrittenExamples(dropsRepeats);
    }

    /**
     * A job that begins with an earlier state writes again what was written since that state, with the same ids. Until
     * {@link #endReplay}, each id may come once more, and is dropped as its readers do.
     *
     * @param sinceMillis after the last record of the job before, and before the first of this one
     */
    void beginReplay(long sinceMillis) {
        replaySinceMillis = sinceMillis;
        idsSinceReplay.clear();
        lettersSinceReplay.clear();
        examples.beginReplay();
    }

    /** From now on nothing may come again. */
    void endReplay() {
        replaySinceMillis = Long.MAX_VALUE;
        examples.endReplay();
    }

    /** Which items a recommendation showed when. */
    record Shown(String recommendationId, long producedAtMillis, List<String> itemIds) {}

    /** Takes a record of user-profiles; the newest of a user counts. */
    public void profile(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            countsByUser.remove(new String(record.key(), StandardCharsets.UTF_8));
            return;
        }
        UserProfile profile = decode(profileCodec, record);
        Map<EventType, Long> counts = new EnumMap<>(EventType.class);
        profile.getEventCounts().forEach((type, count) -> counts.put(EventType.valueOf(type), count));
        countsByUser.put(profile.getUserId(), counts);
        lastProducedMillis = Math.max(lastProducedMillis, profile.getProducedAt());
    }

    /** Takes a record of recommendations. */
    public void recommendation(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            erasedInRecommendations.add(new String(record.key(), StandardCharsets.UTF_8));
            return;
        }
        Recommendation recommendation = decode(recommendationCodec, record);
        Cause cause = Cause.of(recommendation);
        String id = recommendation.getRecommendationId();
        boolean replayed = recommendation.getProducedAt() >= replaySinceMillis && idsSinceReplay.add(id);
        if (!recommendationIds.add(id)) {
            if (dropsRepeats || replayed) {
                replays.merge(cause, 1, Integer::sum);
                return;
            }
            repeatedIds.computeIfAbsent(cause, c -> new ArrayList<>()).add(id);
        }
        causes.add(cause);
        byModelVersion.merge(recommendation.getModelVersion(), 1L, Long::sum);
        lastProducedMillis = Math.max(lastProducedMillis, recommendation.getProducedAt());
        show(recommendation);
    }

    /** Takes a record of recommendation-responses, which may repeat: that topic is at least once. */
    public void response(ConsumerRecord<byte[], byte[]> record) {
        Recommendation response = decode(recommendationCodec, record);
        if (response.getRequestId() != null && answered.add(response.getRequestId())) {
            show(response);
        }
    }

    private void show(Recommendation recommendation) {
        if (recommendation.getScenario() == Scenario.CAMPAIGN) {
            // It shows campaigns, which no catalog names.
            return;
        }
        // Interned: a few thousand ids stand in millions of lists.
        List<String> itemIds = recommendation.getItems().stream()
                .map(item -> item.getItemId().intern())
                .toList();
        shown.add(new Shown(recommendation.getRecommendationId(), recommendation.getProducedAt(), itemIds));
    }

    /** Takes a record of dead-letters. */
    public void deadLetter(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = decode(deadLetterCodec, record);
        List<DeadLetter> letters = deadLetters.computeIfAbsent(Position.of(letter), position -> new ArrayList<>());
        boolean replayed = letter.getSeenAt() >= replaySinceMillis && lettersSinceReplay.add(Position.of(letter));
        if (letters.isEmpty() || !(dropsRepeats || replayed)) {
            letters.add(letter);
        }
    }

    /** Takes a record of training-examples. */
    public void example(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            examples.erased(new String(record.key(), StandardCharsets.UTF_8));
        } else {
            examples.add(decode(exampleCodec, record));
        }
    }

    private static <T extends SpecificRecord> T decode(RecordCodec<T> codec, ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.decode(record.value(), null);
        } catch (UndecodableRecordException e) {
            throw new CommandFailedException(
                    "The job wrote what can't be read to " + Position.of(record) + ": " + e.getMessage(), e);
        }
    }

    Map<String, Map<EventType, Long>> countsByUser() {
        return countsByUser;
    }

    /** What caused a recommendation that readers see. */
    Set<Cause> causes() {
        return causes;
    }

    /**
     * Ids that came more often than they may, as often as they did so.
     *
     * @param times how often a cause may have caused a recommendation; every one may once
     */
    List<String> repeatedIds(ToIntFunction<Cause> times) {
        return repeatedIds.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().skip(mayRepeat(entry.getKey(), times)))
                .toList();
    }

    /** A cause of two recommendations, of which one came before an erasure, has two in each replay as well. */
    private long mayRepeat(Cause cause, ToIntFunction<Cause> times) {
        return Math.max(0L, times.applyAsInt(cause) - 1) * (1 + replays.getOrDefault(cause, 0));
    }

    long recommendations() {
        return recommendationIds.size()
                + repeatedIds.values().stream().mapToLong(List::size).sum();
    }

    /** Users with a tombstone among the recommendations. */
    Set<String> erasedInRecommendations() {
        return erasedInRecommendations;
    }

    WrittenExamples examples() {
        return examples;
    }

    Map<String, Long> byModelVersion() {
        return byModelVersion;
    }

    List<Shown> shown() {
        return shown;
    }

    Set<String> answered() {
        return answered;
    }

    Map<Position, List<DeadLetter>> deadLetters() {
        return deadLetters;
    }

    /** When the job produced its last record; Long.MIN_VALUE if it produced none. */
    long lastProducedMillis() {
        return lastProducedMillis;
    }
}
