package dev.rebound.operators.training;

import dev.rebound.operators.features.Interaction;
import dev.rebound.operators.features.ItemKey;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.features.UserFeatures;
import dev.rebound.operators.features.UserState;
import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.operators.retrieval.CandidateRetrieval;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.scoring.DenseFeature;
import dev.rebound.operators.scoring.FeatureAssembler;
import dev.rebound.operators.scoring.FeatureBatch;
import dev.rebound.operators.scoring.ItemVocabulary;
import dev.rebound.operators.scoring.ScoringTask;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Runs past signals through the code that the job runs, in one thread, and keeps the moments at which a user chose an
 * item that retrieval had found. Each moment's features are taken before the event is learned, so that nothing leaks.
 */
public final class HistoryReplay {
    private static final int RETRIEVED = 100;
    private static final ItemVocabulary NO_VOCABULARY = ItemVocabulary.of(List.of());

    private final int candidatesPerMoment;
    private final int keepEvery;
    private final boolean afterSessions;
    private final SplittableRandom random;
    private final TrainingSet moments;
    private final OfflinePipeline pipeline = new OfflinePipeline();
    private final ItemTable table = pipeline.table();
    private final RecentSlots slots = new RecentSlots();
    private final UserInterests interests = new UserInterests();
    private final CandidateRetrieval retrieval = new CandidateRetrieval(table, pipeline.popular(), pipeline.sessions());
    private final FeatureAssembler assembler = new FeatureAssembler(table);
    private final Candidates candidates = new Candidates(RETRIEVED);
    private final FeatureBatch features = new FeatureBatch(1, RETRIEVED);
    private final ScoringTask task = new ScoringTask();
    private long choices;

    /**
     * @param candidatesPerMoment candidates kept of those retrieved: what was chosen and a sample of the others
     * @param keepEvery keeps every n-th moment, at least 1
     * @param afterSessions whether items learn of events only when their session is over, and not at once as in the job
     * @param seed of the sample
     */
    public HistoryReplay(int candidatesPerMoment, int keepEvery, boolean afterSessions, long seed) {
        this.afterSessions = afterSessions;
        this.candidatesPerMoment = candidatesPerMoment;
        this.keepEvery = keepEvery;
        this.random = new SplittableRandom(seed);
        this.moments = new TrainingSet(FeatureBatch.SEQUENCE_LENGTH, candidatesPerMoment, DenseFeature.WIDTH);
    }

    /** Learns a catalog change. */
    public void catalog(ItemSignal signal) {
        pipeline.catalog(signal);
    }

    /** Predicts, then learns an event; requests say nothing about the past and are passed over. */
    public void event(UserSignal event) {
        if (event.kind != UserSignal.Kind.EVENT || !pipeline.isNew(event)) {
            return;
        }
        UserState user = pipeline.user(event.userId);
        if (isChoice(user, event) && choices++ % keepEvery == 0) {
            addMoment(user, event);
        }
        if (afterSessions) {
            pipeline.learnAfterSession(event);
        } else {
            pipeline.learn(event);
        }
    }

    private static boolean isChoice(UserState user, UserSignal event) {
        return event.itemKey != ItemKey.NONE && Interaction.isInterest(event.type) && user.recent.size() > 0;
    }

    private void addMoment(UserState user, UserSignal event) {
        task.userId = event.userId;
        task.timeMillis = event.timeMillis;
        task.features(user);
        slots.resolve(task.recent, table);
        interests.compute(task.recent, slots, table, task.timeMillis);
        retrieval.retrieve(
                task.recent,
                slots,
                interests,
                UserFeatures.sessionKey(task.userId, task.sessions),
                ItemKey.NONE,
                null,
                task.timeMillis,
                candidates);
        int chosen = indexOf(event.itemKey);
        if (chosen < 0) {
            return;
        }
        assembler.assemble(task, slots, interests, candidates, NO_VOCABULARY, features, 0);
        add(event.timeMillis, sample(chosen), chosen);
    }

    private int indexOf(long itemKey) {
        int slot = table.slot(itemKey);
        for (int c = 0; c < candidates.size(); c++) {
            if (candidates.slots[c] == slot) {
                return c;
            }
        }
        return -1;
    }

    /** Indexes of the chosen candidate and random others, in retrieval order (selection sampling: Knuth, 3.4.2 S). */
    private int[] sample(int chosen) {
        int others = Math.min(candidatesPerMoment, candidates.size()) - 1;
        int[] kept = new int[others + 1];
        int size = 0;
        int left = candidates.size() - 1;
        for (int c = 0; c < candidates.size(); c++) {
            if (c == chosen) {
                kept[size++] = c;
            } else if (random.nextInt(left--) < others) {
                kept[size++] = c;
                others--;
            }
        }
        return kept;
    }

    private void add(long timeMillis, int[] kept, int chosen) {
        long[] sequence = new long[FeatureBatch.SEQUENCE_LENGTH];
        for (int n = 0; n < Math.min(sequence.length, task.recent.size()); n++) {
            sequence[n] = task.recent.itemKey(n);
        }
        long[] keys = new long[candidatesPerMoment];
        float[] dense = new float[candidatesPerMoment * DenseFeature.WIDTH];
        float[] labels = new float[candidatesPerMoment];
        for (int i = 0; i < kept.length; i++) {
            keys[i] = table.item(candidates.slots[kept[i]]).itemKey;
            labels[i] = kept[i] == chosen ? 1 : 0;
            for (DenseFeature feature : DenseFeature.values()) {
                dense[i * DenseFeature.WIDTH + feature.ordinal()] = features.dense(0, kept[i], feature);
            }
        }
        moments.add(timeMillis, sequence, keys, dense, labels);
    }

    /** What was kept so far, in the order of the signals. */
    public TrainingSet trainingSet() {
        return moments;
    }

    /** How many times a user chose an item after another one, found by retrieval or not, thinned out or not. */
    public long choices() {
        return choices;
    }

    /** Ids of the catalog's items, those with the most popularity now first. */
    public List<String> itemIdsByPopularity() {
        return pipeline.itemIdsByPopularity();
    }
}
