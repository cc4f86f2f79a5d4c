package dev.rebound.operators.scoring;

import dev.rebound.operators.model.FeatureAssembler;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.UserEncoder;
import dev.rebound.operators.ranking.RankFusion;
import dev.rebound.operators.retrieval.CandidateRetrieval;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.EmbeddingMatches;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.RetrievalRequest;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.user.ScoringTask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users that are scored together: their tasks, candidates, features and scores. Owned by one thread. */
public final class ScoringBatch {
    /** The version that marks a list in retrieval order, because no model was there to score it. */
    public static final String RETRIEVAL_ORDER = "fallback:retrieval-order";

    private static final ItemVocabulary NO_VOCABULARY = ItemVocabulary.of(List.of());

    private final int capacity;
    private final UserInterests interests = new UserInterests();
    private final PopularItems popular;
    private final CandidateRetrieval retrieval;
    private final RetrievalRequest request = new RetrievalRequest();
    private final FeatureAssembler assembler;
    private final FeatureBatch features;
    private final List<ScoringTask> tasks;
    private final RecentSlots[] slots;
    private final Candidates[] candidates;
    private final float[] modelScores;
    private final float[] scores;
    private final RankFusion fusion;
    /** Users that the last model made no scores of. */
    private final BitSet failed = new BitSet();

    private long passNanos;

    /**
     * @param capacity most users
     * @param candidatesPerUser most candidates a user
     */
    public ScoringBatch(
            ItemTable table, PopularItems popular, SessionIndex sessions, int capacity, int candidatesPerUser) {
        this.capacity = capacity;
        this.popular = popular;
        this.retrieval = new CandidateRetrieval(table, popular, sessions);
        this.assembler = new FeatureAssembler(table, popular);
        this.features = new FeatureBatch(capacity, candidatesPerUser);
        this.tasks = new ArrayList<>(capacity);
        this.candidates = new Candidates[capacity];
        this.slots = new RecentSlots[capacity];
        for (int user = 0; user < capacity; user++) {
            candidates[user] = new Candidates(candidatesPerUser);
            slots[user] = new RecentSlots();
        }
        this.modelScores = new float[capacity * candidatesPerUser];
        this.scores = new float[capacity * candidatesPerUser];
        this.fusion = new RankFusion(candidatesPerUser);
    }

    /** Makes items candidates of every user. */
    public void pin(long[] itemKeys) {
        retrieval.pin(itemKeys);
    }

    /** Retrieves no more candidates a user than so many from now on. */
    void limit(int candidates) {
        retrieval.limit(candidates);
    }

    /** Adds a task, which this keeps until {@link #clear}. */
    public void add(ScoringTask task) {
        tasks.add(task);
    }

    public boolean isFull() {
        return tasks.size() == capacity;
    }

    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    public int size() {
        return tasks.size();
    }

    public ScoringTask task(int user) {
        return tasks.get(user);
    }

    public Candidates candidates(int user) {
        return candidates[user];
    }

    public FeatureBatch features() {
        return features;
    }

    /** Scores of all candidates, row-major; those of a user begin at {@link #offset}. */
    public float[] scores() {
        return scores;
    }

    /** What the model alone made of them, in the same places: in an answer to a query the scores are fused. */
    float[] modelScores() {
        return modelScores;
    }

    /** Where a user's scores begin. */
    public int offset(int user) {
        return user * features.candidates();
    }

    /** Whether the last model could not score a user, whose scores are none. */
    public boolean hasFailed(int user) {
        return failed.get(user);
    }

    /** How many users the last model could not score. */
    int failedUsers() {
        return failed.cardinality();
    }

    /** Leaves the users that the last model could not score. */
    void keepFailed() {
        int kept = 0;
        for (int user = failed.nextSetBit(0); user >= 0; user = failed.nextSetBit(user + 1)) {
            tasks.set(kept++, tasks.get(user));
        }
        tasks.subList(kept, tasks.size()).clear();
        failed.clear();
    }

    /** Later tasks of a user are answered after the earlier ones. */
    private void failLaterTasksToo(List<ScoringTask> users) {
        for (int user = failed.nextSetBit(0); user >= 0; user = failed.nextSetBit(user + 1)) {
            for (int later = user + 1; later < users.size(); later++) {
                if (users.get(later).userId.equals(users.get(user).userId)) {
                    failed.set(later);
                }
            }
        }
    }

    /** How long the last forward pass took, also one that failed. */
    long passNanos() {
        return passNanos;
    }

    /**
     * Has a model score users of another batch, which stays as it is, and has been scored: the candidates are that one's,
     * the features and {@link #modelScores} this one's.
     *
     * @param users so many, the first ones
     */
    void scoreAlso(ScoringBatch other, int users, RankingModel model) throws ModelFailedException {
        List<ScoringTask> also = other.tasks.subList(0, users);
        encodeBy(model, also);
        for (int user = 0; user < users; user++) {
            ScoringTask task = also.get(user);
            interests.compute(task.recent, slots[user], retrieval.table(), task.timeMillis);
            candidates[user].copy(other.candidates[user], matches(model.encoder(), user, task));
            assembler.assemble(task, slots[user], interests, candidates[user], model.vocabulary(), features, user);
        }
        pass(model, also);
    }

    private void pass(RankingModel model, List<ScoringTask> users) throws ModelFailedException {
        long start = System.nanoTime();
        failed.clear();
        try {
            model.score(features, users.size(), modelScores, failed);
            failLaterTasksToo(users);
        } finally {
            passNanos = System.nanoTime() - start;
        }
    }

    /** What the encoder has no room for fails its version, and not the task, which would begin anew for ever. */
    private void encodeBy(RankingModel model, List<ScoringTask> users) throws ModelFailedException {
        try {
            encode(users, model.vocabulary(), model.encoder());
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new ModelFailedException(
                    "The encoder of model version " + model.version() + " threw: " + e.getMessage(), e);
        }
    }

    /** Finds every user's candidates, writes their features and has the model score them; see {@link #hasFailed}. */
    public void score(RankingModel model) throws ModelFailedException {
        encodeBy(model, tasks);
        retrieve(model.vocabulary(), model.encoder());
        pass(model, tasks);
        System.arraycopy(modelScores, 0, scores, 0, tasks.size() * features.candidates());
        for (int user = 0; user < tasks.size(); user++) {
            if (candidates[user].isAnswerToQuery() && !hasFailed(user)) {
                fusion.fuse(candidates[user].relevance, candidates[user].size(), scores, offset(user));
            }
        }
    }

    /** Scores by the order of retrieval. */
    public void scoreByRetrieval() {
        prepare(NO_VOCABULARY, null);
        failed.clear();
        for (int user = 0; user < tasks.size(); user++) {
            for (int c = 0; c < candidates[user].size(); c++) {
                scores[offset(user) + c] = 1f / (1 + c);
            }
        }
    }

    /**
     * Finds every user's candidates and writes their features, for who scores by other means.
     *
     * @param encoder of the model that retrieves too; null where none does
     */
    public void prepare(ItemVocabulary vocabulary, @Nullable UserEncoder encoder) {
        encode(tasks, vocabulary, encoder);
        retrieve(vocabulary, encoder);
    }

    private void retrieve(ItemVocabulary vocabulary, @Nullable UserEncoder encoder) {
        for (int user = 0; user < tasks.size(); user++) {
            ScoringTask task = tasks.get(user);
            interests.compute(task.recent, slots[user], retrieval.table(), task.timeMillis);
            request.task(task, slots[user], interests).near(matches(encoder, user, task));
            retrieval.retrieve(request, candidates[user]);
            assembler.assemble(task, slots[user], interests, candidates[user], vocabulary, features, user);
        }
    }

    private void encode(List<ScoringTask> users, ItemVocabulary vocabulary, @Nullable UserEncoder encoder) {
        for (int user = 0; user < users.size(); user++) {
            slots[user].resolve(users.get(user).recent, retrieval.table());
            assembler.sequence(users.get(user).recent, slots[user], vocabulary, features, user);
        }
        if (encoder != null) {
            encoder.encode(features, users, slots, retrieval.table(), popular);
        }
    }

    private static EmbeddingMatches matches(@Nullable UserEncoder encoder, int user, ScoringTask task) {
        return encoder == null ? EmbeddingMatches.NONE : encoder.matches(user, task);
    }

    public void clear() {
        tasks.clear();
        failed.clear();
    }
}
