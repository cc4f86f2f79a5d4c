package dev.rebound.operators.scoring;

import dev.rebound.operators.retrieval.CandidateRetrieval;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.RetrievalRequest;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.operators.user.ScoringTask;

/**
 * Answers users without features and without a model, under overload: by what they were shown last, or by what is popular.
 * The shop's rules hold for these lists too. What is searched for, or to be put in order, can't be answered so. Owned by one
 * thread.
 */
final class UnscoredLists {
    /** The version that marks the list that the user got before. */
    static final String LAST_LIST = "fallback:last-list";

    /** The version that marks a list of what is popular. */
    static final String TRENDING = "fallback:trending";

    private final ItemTable table;
    private final ScoringOutputs outputs;
    private final CandidateRetrieval retrieval;
    private final RetrievalRequest request = new RetrievalRequest();
    private final RecentItems noItems = new RecentItems();
    private final RecentSlots noSlots = new RecentSlots();
    private final UserInterests noInterests = new UserInterests();
    private final Candidates candidates;
    private final float[] scores;
    private long byLastList;
    private long byTrending;

    /**
     * @param pinned keys of items that everybody's candidates contain
     * @param candidates most, a user
     */
    UnscoredLists(ItemTable table, PopularItems popular, ScoringOutputs outputs, long[] pinned, int candidates) {
        this.table = table;
        this.outputs = outputs;
        this.retrieval = new CandidateRetrieval(table, popular, new SessionIndex(1));
        retrieval.pin(pinned);
        this.candidates = new Candidates(candidates);
        this.scores = new float[candidates];
    }

    /** Answers a user if that is to be done so by this step, and says whether it was. */
    boolean answers(ScoringTask task, OverloadStep step, long nowMillis) {
        if (!OverloadStep.LAST_LIST.isReached(step) || !proposes(task)) {
            return false;
        }
        if (recall(task)) {
            byLastList++;
            outputs.unscored(task, candidates, scores, LAST_LIST, nowMillis);
            return true;
        }
        if (OverloadStep.TRENDING.isReached(step)) {
            byTrending++;
            trending(task);
            outputs.unscored(task, candidates, scores, TRENDING, nowMillis);
            return true;
        }
        return false;
    }

    /** Whether it is left to the job which items come into question. */
    static boolean proposes(ScoringTask task) {
        return task.candidateItems() == null && task.queryTerms.length == 0;
    }

    private boolean recall(ScoringTask task) {
        RememberedLists remembered = outputs.remembered();
        int row = remembered.find(task);
        candidates.clear();
        for (int n = 0; row >= 0 && n < remembered.size(row); n++) {
            ItemTable.Item item = table.item(remembered.slot(row, n));
            if (item != null && item.offered && candidates.size() < scores.length) {
                scores[candidates.size()] = remembered.score(row, n);
                candidates.add(remembered.slot(row, n));
            }
        }
        return candidates.size() > 0;
    }

    /** As for a user of whom nothing is known. */
    private void trending(ScoringTask task) {
        noInterests.compute(noItems, noSlots, table, task.timeMillis);
        retrieval.retrieve(request.user(noItems, noSlots, noInterests, task.timeMillis), candidates);
        for (int c = 0; c < candidates.size(); c++) {
            scores[c] = 1f / (1 + c);
        }
    }

    /** Users that were answered by their last list. */
    long byLastList() {
        return byLastList;
    }

    /** Users that were answered by what is popular. */
    long byTrending() {
        return byTrending;
    }
}
