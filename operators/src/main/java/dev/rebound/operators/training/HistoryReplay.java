package dev.rebound.operators.training;

import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.UserEncoder;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.scoring.ScoringBatch;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.operators.user.UserState;
import dev.rebound.schemas.EventType;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs past signals through the code that the job runs, in one thread, and keeps the moments at which a user chose an
 * item: from a list that was shown, from what answered a search, or else from what retrieval had found. Each moment's
 * features are taken before the event is learned, so that nothing leaks.
 */
public final class HistoryReplay implements SignalListener {
    private static final int RETRIEVED = 100;

    /** Most histories that the encoder learns from, the newest: enough for it, and its time has an end. */
    private static final int MOST_SEQUENCES = 200_000;

    /** Searches of which nothing was taken yet: the oldest of more are given up, since time has passed. */
    private static final int MOST_SEARCHES = 10_000;

    private static final ItemVocabulary NO_VOCABULARY = ItemVocabulary.of(List.of());

    private final int candidatesPerMoment;
    private final int keepEvery;
    private final boolean afterSessions;
    private final boolean lineByLine;
    private final List<UserSignal> basket = new ArrayList<>();
    private final SplittableRandom random;
    private final TrainingSet moments;
    private final Map<String, Moment> shown = new LinkedHashMap<>();
    /** By user, the latest last. */
    private final Map<String, Moment> searched = new LinkedHashMap<>();

    private final OfflinePipeline pipeline = new OfflinePipeline();
    private final ItemTable table = pipeline.table();
    private final InteractionSequences sequences = new InteractionSequences(MOST_SEQUENCES);
    private final ScoringBatch batch = new ScoringBatch(table, pipeline.popular(), pipeline.sessions(), 1, RETRIEVED);
    private final Candidates candidates = batch.candidates(0);
    private final FeatureBatch features = batch.features();
    private final ScoringTask task = new ScoringTask();
    private @Nullable UserEncoder encoder;
    private long choices;

    /**
     * @param candidatesPerMoment candidates kept of those retrieved: what was chosen and a sample of the others
     * @param keepEvery keeps every n-th moment, at least 1
     * @param afterSessions whether items learn of events only when their session is over, and not at once as in the job
     * @param lineByLine whether what a user does at one time is predicted from each other, and not from what was before
     * @param seed of the sample
     */
    public HistoryReplay(int candidatesPerMoment, int keepEvery, boolean afterSessions, boolean lineByLine, long seed) {
        this.lineByLine = lineByLine;
        this.afterSessions = afterSessions;
        this.candidatesPerMoment = candidatesPerMoment;
        this.keepEvery = keepEvery;
        this.random = new SplittableRandom(seed);
        this.moments = new TrainingSet(FeatureBatch.SEQUENCE_LENGTH, candidatesPerMoment, DenseFeature.WIDTH);
    }

    @Override
    public void catalog(ItemSignal signal) {
        learnBasket();
        pipeline.catalog(signal);
    }

    /** Notes the features of a request's candidates, if it brings its own: what is then chosen of them is learned from. */
    @Override
    public void request(UserSignal request) {
        learnBasket();
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

    /** Predicts, then learns an event. What a user does at one time is a basket, predicted and learned together. */
    @Override
    public void event(UserSignal event) {
        if (event.kind != UserSignal.Kind.EVENT) {
            return;
        }
        boolean searches = event.queryTerms.length > 0;
        if (!basket.isEmpty() && (lineByLine || searches || !isOneWith(basket.get(0), event))) {
            learnBasket();
        }
        if (!pipeline.isNew(event)) {
            if (event.type == EventType.ERASE_USER.ordinal()) {
                sequences.forget(event.userId);
            }
            return;
        }
        if (searches) {
            search(event);
            learn(event);
            return;
        }
        basket.add(event.copy());
    }

    /**
     * Has retrieval go by vectors too from now on, and their features be part of the moments: as a job's does whose model was
     * trained on what was until now. Earlier moments have no such features, so that none is of a model that knew the choice.
     */
    public void use(UserEncoder trainedUntilNow) {
        learnBasket();
        encoder = trainedUntilNow;
    }

    /** Has retrieval go without vectors again, as before {@link #use}. */
    public void stopUsing() {
        learnBasket();
        encoder = null;
    }

    /** What users did one after the other, until now. */
    public InteractionSequences sequences() {
        return sequences;
    }

    /** The items that were learned of. */
    public ItemTable table() {
        return table;
    }

    private static boolean isOneWith(UserSignal first, UserSignal event) {
        return first.timeMillis == event.timeMillis && first.userId.equals(event.userId);
    }

    private void learnBasket() {
        Moment answers = takenAnswers();
        List<UserSignal> others =
                basket.stream().filter(event -> !isOfShownList(event)).toList();
        if (answers != null) {
            addSearched(answers, others);
        } else {
            addChoice(others);
        }
        basket.forEach(this::learn);
        basket.clear();
    }

    private void learn(UserSignal event) {
        sequences.add(event);
        if (afterSessions) {
            pipeline.learnAfterSession(event);
        } else {
            pipeline.learn(event);
        }
    }

    private static List<UserSignal> chosen(List<UserSignal> events) {
        return events.stream()
                .filter(event -> event.itemKey != ItemKey.NONE && Interaction.isInterest(event.type))
                .toList();
    }

    /** Whether an event answers a list that was shown; the list notes what was chosen. */
    private boolean isOfShownList(UserSignal event) {
        Moment list = event.requestId == null ? null : shown.get(event.requestId);
        if (list != null && event.itemKey != ItemKey.NONE && Interaction.isInterest(event.type)) {
            list.choose(event.itemKey, event.type);
        }
        return list != null;
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

    /** What answered the search that led to the basket, which is learned from once; null where none did. */
    private @Nullable Moment takenAnswers() {
        for (UserSignal event : chosen(basket)) {
            if (pipeline.user(event.userId).search.leadsTo(event)) {
                return searched.remove(event.userId);
            }
        }
        return null;
    }

    private void addSearched(Moment answers, List<UserSignal> events) {
        chosen(events).forEach(event -> answers.choose(event.itemKey, event.type));
        if (answers.isChosenFrom() && choices++ % keepEvery == 0) {
            answers.addTo(moments);
        }
    }

    private void addChoice(List<UserSignal> events) {
        List<UserSignal> chosen = chosen(events);
        if (chosen.isEmpty()) {
            return;
        }
        UserSignal first = chosen.get(0);
        UserState user = pipeline.user(first.userId);
        if (user.recent.size() == 0 || choices++ % keepEvery != 0) {
            return;
        }
        retrieve(user, first, null);
        int[] found = chosen.stream()
                .mapToInt(event -> indexOf(event.itemKey))
                .filter(index -> index >= 0)
                .distinct()
                .limit(candidatesPerMoment)
                .toArray();
        if (found.length == 0) {
            return;
        }
        Moment moment = moment(first.timeMillis, sample(found));
        chosen.forEach(event -> moment.choose(event.itemKey, event.type));
        moment.addTo(moments);
    }

    private void retrieve(UserState user, UserSignal cause, long @Nullable [] requested) {
        task.queryTerms = cause.queryTerms;
        task.userId = cause.userId;
        task.timeMillis = cause.timeMillis;
        task.candidates = requested;
        task.features(user);
        if (requested == null && cause.queryTerms.length == 0) {
            // What came after may be the list that is chosen from, and is not known when that is made.
            task.shown.forgetAfter(task.recent.timeMillis(0));
        }
        batch.clear();
        batch.add(task);
        batch.prepare(NO_VOCABULARY, encoder);
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

    /** Indexes of the chosen candidates and random others, in retrieval order (selection sampling: Knuth, 3.4.2 S). */
    private int[] sample(int[] chosen) {
        IntSet kept = new IntOpenHashSet(chosen);
        int others = Math.min(candidatesPerMoment, candidates.size()) - chosen.length;
        int[] sample = new int[others + chosen.length];
        int size = 0;
        int left = candidates.size() - chosen.length;
        for (int c = 0; c < candidates.size(); c++) {
            if (kept.contains(c)) {
                sample[size++] = c;
            } else if (random.nextInt(left--) < others) {
                sample[size++] = c;
                others--;
            }
        }
        return sample;
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
            moment.keys()[i] = table.candidate(candidates.slots[kept[i]]).itemKey;
            for (DenseFeature feature : DenseFeature.values()) {
                moment.dense()[i * DenseFeature.WIDTH + feature.ordinal()] = features.dense(0, kept[i], feature);
            }
        }
        return moment;
    }

    /**
     * What there is to learn from, in the order of time: the lists that were shown and chosen from, where requests brought
     * their candidates, and other choices of what retrieval had found. To be called once, at the end.
     */
    public TrainingSet trainingSet() {
        learnBasket();
        shown.values().stream().filter(Moment::isChosenFrom).forEach(list -> list.addTo(moments));
        shown.clear();
        moments.sortByTime();
        return moments;
    }

    /** Ids of the catalog's items, those with the most popularity now first. */
    public List<String> itemIdsByPopularity() {
        return pipeline.itemIdsByPopularity();
    }
}
