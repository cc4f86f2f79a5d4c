package dev.rebound.deploy.lab.reconcile;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.DeadLetter;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.TrainingExample;
import dev.rebound.schemas.UndecodableRecordException;
import dev.rebound.schemas.UserProfile;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongSet;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What came out, read committed. Recommendations are kept as what is checked of them: see {@link WrittenList}. */
final class ObservedOutput {
    private final RecordCodec<UserProfile> profileCodec = RecordCodec.of(UserProfile.class);
    private final RecordCodec<Recommendation> recommendationCodec = RecordCodec.of(Recommendation.class);
    private final RecordCodec<TrainingExample> exampleCodec = RecordCodec.of(TrainingExample.class);
    private final RecordCodec<DeadLetter> deadLetterCodec = RecordCodec.of(DeadLetter.class);
    private final RecordCodec<Alert> alertCodec = RecordCodec.of(Alert.class);
    private final Fingerprint fingerprint = new Fingerprint();
    private final Map<String, WrittenUser> users = new Object2ObjectOpenHashMap<>();
    private final LongOpenHashSet recommendationIds = new LongOpenHashSet();
    private final List<String> sharedIds = new ArrayList<>();
    private final Map<String, Long> byModelVersion = new HashMap<>();
    private final Map<Position, List<WrittenLetter>> deadLetters = new HashMap<>();
    private final Map<String, Alert> modelAlerts = new TreeMap<>();
    private final SiteEpochs epochs = new SiteEpochs();
    private final GoneRecords goneRecommendations = new GoneRecords("output");
    private final GoneRecords goneResponses = new GoneRecords("output");
    private final GoneRecords goneExamples = new GoneRecords("output");
    private final GoneRecords goneDeadLetters = new GoneRecords("output");
    private final boolean dropsRepeats;
    private final LongOpenHashSet idsSinceReplay = new LongOpenHashSet();
    private final Set<Position> lettersSinceReplay = new HashSet<>();
    private long replaySinceMillis = Long.MAX_VALUE;
    private int replays;
    private boolean replaysExamples;
    private final LongOpenHashSet listSeconds = new LongOpenHashSet();
    private PassedTime passed = PassedTime.UNKNOWN;
    private long recommendations;
    private long trainingExamples;
    private long firstProducedMillis = Long.MAX_VALUE;
    private long lastProducedMillis = Long.MIN_VALUE;

    ObservedOutput() {
        this(false);
    }

    /** @param dropsRepeats whether what comes again with the same id is dropped, as its readers do */
    ObservedOutput(boolean dropsRepeats) {
        this.dropsRepeats = dropsRepeats;
    }

    /**
     * A job that begins with an earlier state writes again what was written since that state, with the same ids. Until
     * {@link #endReplay}, each id may come once more, and is dropped as its readers do.
     *
     * @param sinceMillis after the last record of the job before, and before the first of this one
     */
    void beginReplay(long sinceMillis) {
        replaySinceMillis = sinceMillis;
        replays++;
        replaysExamples = true;
        idsSinceReplay.clear();
        lettersSinceReplay.clear();
    }

    /** From now on nothing may come again. */
    void endReplay() {
        replaySinceMillis = Long.MAX_VALUE;
        replaysExamples = false;
    }

    /** Whether things came again on purpose, tombstones among them, so that they tell no order. */
    boolean hasReplays() {
        return dropsRepeats || replays > 0;
    }

    /** In which lists were made, 8 bytes each. */
    LongSet listSeconds() {
        return listSeconds;
    }

    void passed(PassedTime time) {
        passed = time;
    }

    PassedTime passed() {
        return passed;
    }

    /** Takes a record of user-profiles; the newest of a user counts. */
    void profile(ConsumerRecord<byte[], byte[]> record) {
        WrittenUser user = user(new String(record.key(), StandardCharsets.UTF_8));
        if (record.value() == null) {
            user.profile = null;
            return;
        }
        UserProfile profile = decode(profileCodec, record);
        user(profile.getUserId()).profile = record.value();
        epochs.see(record, profile.getSiteEpoch(), profile.getProducedAt());
        produced(profile.getProducedAt());
    }

    /** Takes a record of alerts; the newest on each version and condition counts. */
    void alert(ConsumerRecord<byte[], byte[]> record) {
        Alert alert = decode(alertCodec, record);
        if (alert.getComponent().equals("model")) {
            modelAlerts.put(alert.getReason() + " of " + alert.getSubject(), alert);
        }
    }

    private WrittenUser user(String name) {
        return users.computeIfAbsent(name, WrittenUser::new);
    }

    private void produced(long millis) {
        firstProducedMillis = Math.min(firstProducedMillis, millis);
        lastProducedMillis = Math.max(lastProducedMillis, millis);
    }

    /** Takes a record of recommendations. */
    void recommendation(ConsumerRecord<byte[], byte[]> record) {
        goneRecommendations.read(record);
        if (record.value() == null) {
            user(new String(record.key(), StandardCharsets.UTF_8)).tombstones++;
            return;
        }
        Recommendation recommendation = decode(recommendationCodec, record);
        epochs.see(record, recommendation.getSiteEpoch(), recommendation.getProducedAt());
        WrittenUser user = user(recommendation.getUserId());
        boolean ofRequest = recommendation.getRequestId() != null;
        String cause = String.valueOf(ofRequest ? recommendation.getRequestId() : recommendation.getTriggerEventId());
        WrittenList list = new WrittenList(recommendation, user.tombstones);
        listSeconds.add(Standstills.second(list.producedMillis));
        WrittenList first = user.lists(ofRequest).putIfAbsent(cause, list);
        if (isSeen(list, first)) {
            recommendations++;
            byModelVersion.merge(list.modelVersion, 1L, Long::sum);
            produced(list.producedMillis);
        }
    }

    /** @param first with the same cause; null if this is the first */
    private boolean isSeen(WrittenList list, @Nullable WrittenList first) {
        long id = fingerprint.of(list.recommendationId);
        boolean replayed = list.producedMillis >= replaySinceMillis && idsSinceReplay.add(id);
        boolean isNew = recommendationIds.add(id);
        WrittenList known = first == null ? null : first.find(list.recommendationId);
        if (first != null) {
            first.add(list);
        }
        if (isNew) {
            return true;
        }
        if (known == null) {
            // Readers know the id from another cause, and drop this list.
            sharedIds.add(list.recommendationId);
            return true;
        }
        known.latestTombstonesBefore = list.tombstonesBefore;
        if (dropsRepeats || replayed) {
            known.replays++;
            return false;
        }
        known.repeats++;
        return true;
    }

    /** Takes a record of recommendation-responses, which may repeat: that topic is at least once. */
    void response(ConsumerRecord<byte[], byte[]> record) {
        goneResponses.read(record);
        Recommendation response = decode(recommendationCodec, record);
        epochs.see(record, response.getSiteEpoch(), response.getProducedAt());
        WrittenList list = new WrittenList(response, 0);
        String cause = String.valueOf(response.getRequestId());
        WrittenList first = user(response.getUserId()).responses.putIfAbsent(cause, list);
        if (first != null) {
            first.add(list);
        }
    }

    /** Takes a record of dead-letters. */
    void deadLetter(ConsumerRecord<byte[], byte[]> record) {
        goneDeadLetters.read(record);
        DeadLetter letter = decode(deadLetterCodec, record);
        Position position = Position.of(letter);
        List<WrittenLetter> letters = deadLetters.computeIfAbsent(position, p -> new ArrayList<>(1));
        boolean replayed = letter.getSeenAt() >= replaySinceMillis && lettersSinceReplay.add(position);
        if (letters.isEmpty() || !(dropsRepeats || replayed)) {
            letters.add(WrittenLetter.of(record, letter));
        }
    }

    /** Takes a record of training-examples. */
    void example(ConsumerRecord<byte[], byte[]> record) {
        goneExamples.read(record);
        if (record.value() == null) {
            user(new String(record.key(), StandardCharsets.UTF_8)).tombstonesInExamples++;
            return;
        }
        TrainingExample example = decode(exampleCodec, record);
        WrittenUser user = user(example.getUserId());
        boolean seen = user.examples
                .computeIfAbsent(String.valueOf(example.getRequestId()), id -> new WrittenExamples())
                .add(
                        example,
                        user.tombstonesInExamples,
                        record.timestamp(),
                        dropsRepeats,
                        replaysExamples ? replays : 0);
        trainingExamples += seen ? 1 : 0;
    }

    private static <T extends SpecificRecord> T decode(RecordCodec<T> codec, ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.decode(record.value(), null);
        } catch (UndecodableRecordException e) {
            throw new CommandFailedException(
                    "The job wrote what can't be read to " + Position.of(record) + ": " + e.getMessage(), e);
        }
    }

    /** The newest profile of a user; empty where there is none, or was erased. */
    Optional<UserProfile> profile(WrittenUser user) {
        if (user.profile == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(profileCodec.decode(user.profile, null));
        } catch (UndecodableRecordException e) {
            throw new IllegalStateException("A profile that could be read before", e);
        }
    }

    Collection<WrittenUser> users() {
        return users.values();
    }

    Optional<WrittenUser> find(String userName) {
        return Optional.ofNullable(users.get(userName));
    }

    /** Ids of recommendations that readers know from another cause. */
    List<String> sharedIds() {
        return sharedIds;
    }

    /** Those that readers see. */
    long recommendations() {
        return recommendations;
    }

    long trainingExamples() {
        return trainingExamples;
    }

    /** The newest alerts on models, by condition and version. */
    Map<String, Alert> modelAlerts() {
        return modelAlerts;
    }

    Map<String, Long> byModelVersion() {
        return byModelVersion;
    }

    /** Why which records were dead. */
    Map<Position, List<WrittenLetter>> deadLetters() {
        return deadLetters;
    }

    SiteEpochs epochs() {
        return epochs;
    }

    GoneRecords goneRecommendations() {
        return goneRecommendations;
    }

    GoneRecords goneResponses() {
        return goneResponses;
    }

    GoneRecords goneExamples() {
        return goneExamples;
    }

    GoneRecords goneDeadLetters() {
        return goneDeadLetters;
    }

    /** When the job produced its first record; Long.MAX_VALUE if it produced none. */
    long firstProducedMillis() {
        return firstProducedMillis;
    }

    /** When the job produced its last record; Long.MIN_VALUE if it produced none. */
    long lastProducedMillis() {
        return lastProducedMillis;
    }
}
