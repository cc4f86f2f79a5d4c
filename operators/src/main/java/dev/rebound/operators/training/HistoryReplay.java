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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs past signals through the code that the job runs, in one thread, and keeps the moments at which a user chose an
 * item: from a list that was shown, from what answered a search, or else from what retrieval had found. Each moment's features are taken before the event is learned, so that nothing leaks.
 */
public final class HistoryReplay {
    private static final int RETRIEVED = 100;

    /** Searches of which nothing was taken yet: the oldest of more are given up, since time has passed. */
    private static final int MOST_SEARCHES = 10_000;

    private static final ItemVocabulary NO_VOCABULARY = ItemVocabulary.of(List.of());

    private final int candidatesPerMoment;
    private final int keepEvery;
    private final boolean afterSessions;
    private final SplittableRandom random;
    private final TrainingSet moments;
    private final Map<String, Moment> shown = new LinkedHashMap<>();
    /** By user, the latest last. */
    private final Map<String, Moment> searched = new LinkedHashMap<>();

    private final OfflinePipeline pipeline = new OfflinePipeline();
    private final ItemTable table = pipeline.table();
    private final RecentSlots slots = new RecentSlots();
    private final UserInterests interests = new UserInterests();
    private final CandidateRetrieval retrieval = new CandidateRetrieval(table, pipeline.popular(), pipeline.sessions());
    private final FeatureAssembler assembler = new FeatureAssembler(table, pipeline.popular());
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

    /** Notes the features of a request's candidates, if it brings its own: what is then chosen of them is learned from. */
    public void request(UserSignal request) {
        if (request.candidates == null) {
            search(request);
        }
        pipeline.request(request);
        if (request.candidates == null || request.candidates.length > RETRIEVED) {
            return;
        }
        retrieve(pipeline.user(request.userId), request, request.candidates);
        int[] all = IntStream.range(0, Math.min(candidatesPerMoment, candidates.size()))
                .toArray();
        shown.put(request.id, moment(request.timeMillis, all));
    }

    /** Predicts, then learns an event. */
    public void event(UserSignal event) {
        if (event.kind != UserSignal.Kind.EVENT || !pipeline.isNew(event)) {
            return;
        }
        Moment list = event.requestId == null ? null : shown.get(event.requestId);
        search(event);
        UserState user = pipeline.user(event.userId);
        boolean isInterest = Interaction.isInterest(event.type);
        Moment answers = isInterest && user.search.leadsTo(event) ? searched.remove(event.userId) : null;
        if (list != null && isInterest) {
            list.choose(event.itemKey);
        } else if (answers != null) {
            addSearched(answers, event);
        } else if (shown.isEmpty() && isChoice(user, event) && choices++ % keepEvery == 0) {
            addChoice(user, event);
        }
        if (afterSessions) {
            pipeline.learnAfterSession(event);
        } else {
            pipeline.learn(event);
        }
    }

    /** Notes the features of what answers a search: what the user then takes of it is learned from. */
    private void search(UserSignal signal) {
        UserState user = pipeline.user(signal.userId);
        if (signal.queryTerms.length == 0 || user.search.repeats(signal)) {
            return;
        }
        retrieve(user, signal, null);
        int[] first = IntStream.range(0, Math.min(candidatesPerMoment, candidates.size()))
                .toArray();
        searched.remove(signal.userId);
        searched.put(signal.userId, moment(signal.timeMillis, first));
        if (searched.size() > MOST_SEARCHES) {
            searched.remove(searched.keySet().iterator().next());
        }
    }

    private void addSearched(Moment answers, UserSignal event) {
        answers.choose(event.itemKey);
        if (answers.isChosenFrom() && choices++ % keepEvery == 0) {
            answers.addTo(moments);
        }
    }

    private static boolean isChoice(UserState user, UserSignal event) {
        return event.itemKey != ItemKey.NONE && Interaction.isInterest(event.type) && user.recent.size() > 0;
    }

    private void addChoice(UserState user, UserSignal event) {
        retrieve(user, event, null);
        int chosen = indexOf(event.itemKey);
        if (chosen < 0) {
            return;
        }
        Moment moment = moment(event.timeMillis, sample(chosen));
        moment.choose(event.itemKey);
        moment.addTo(moments);
    }

    private void retrieve(UserState user, UserSignal cause, long @Nullable [] requested) {
        task.queryTerms = cause.queryTerms;
        task.userId = cause.userId;
        task.timeMillis = cause.timeMillis;
        task.features(user);
        slots.resolve(task.recent, table);
        interests.compute(task.recent, slots, table, task.timeMillis);
        retrieval.retrieve(
                task.recent,
                slots,
                interests,
                UserFeatures.sessionKey(task.userId, task.sessions),
                ItemKey.NONE,
                requested,
                task.queryTerms,
                task.timeMillis,
                candidates);
        assembler.assemble(task, slots, interests, candidates, NO_VOCABULARY, features, 0);
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

    private Moment moment(long timeMillis, int[] kept) {
        Moment moment = new Moment(
                timeMillis,
                new long[FeatureBatch.SEQUENCE_LENGTH],
                new long[candidatesPerMoment],
                new float[candidatesPerMoment * DenseFeature.WIDTH],
                new float[candidatesPerMoment]);
        for (int n = 0; n < Math.min(moment.sequence().length, task.recent.size()); n++) {
            moment.sequence()[n] = task.recent.itemKey(n);
        }
        for (int i = 0; i < kept.length; i++) {
            moment.keys()[i] = table.item(candidates.slots[kept[i]]).itemKey;
            for (DenseFeature feature : DenseFeature.values()) {
                moment.dense()[i * DenseFeature.WIDTH + feature.ordinal()] = features.dense(0, kept[i], feature);
            }
        }
        return moment;
    }

    /** What stood before a user, and which of it was chosen so far. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Moment(long timeMillis, long[] sequence, long[] keys, float[] dense, float[] labels) {
        void choose(long itemKey) {
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] == itemKey) {
                    labels[i] = 1;
                }
            }
        }

        boolean isChosenFrom() {
            for (float label : labels) {
                if (label > 0) {
                    return true;
                }
            }
            return false;
        }

        void addTo(TrainingSet set) {
            set.add(timeMillis, sequence, keys, dense, labels);
        }
    }

    /**
     * What there is to learn from, in the order of the signals: the lists that were shown and chosen from, where requests
     * brought their candidates; else the choices of what retrieval had found. To be called once, at the end.
     */
    public TrainingSet trainingSet() {
        shown.values().stream().filter(Moment::isChosenFrom).forEach(list -> list.addTo(moments));
        shown.clear();
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
