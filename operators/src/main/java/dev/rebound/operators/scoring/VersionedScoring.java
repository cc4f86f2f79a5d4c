package dev.rebound.operators.scoring;

import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.ranking.RankingPolicy;
import dev.rebound.operators.release.TrafficSplit;
import dev.rebound.operators.user.ScoringTask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores a batch of users by the versions that they are due: each version scores all of its own in one forward pass, and
 * those of one that fails are scored by the next that may. Owned by one scoring task.
 */
final class VersionedScoring {
    private static final Logger LOG = LoggerFactory.getLogger(VersionedScoring.class);

    private static final String WITHOUT_SCORES =
            "it returned NaN or less than 0 for them, which is no score, and scored the others of their batch";

    private final ActiveReleases releases;
    private final ScoringOutputs outputs;
    private final ModelAlerts alerts;
    private final ScoringMetrics metrics;
    private final ShadowScoring shadowScoring;
    private final OverloadLadder ladder;
    private final UnscoredLists unscored;
    private final int capacity;
    private final int candidates;
    private final List<ScoringTask> gathered;
    private final ScoringBatch liveUsers;
    private final ScoringBatch canaryUsers;

    /**
     * @param liveUsers an empty batch, with room for as many users as are to be scored together
     * @param canaryUsers another of the same size
     */
    VersionedScoring(
            ActiveReleases releases,
            ScoringOutputs outputs,
            ModelAlerts alerts,
            ScoringMetrics metrics,
            ShadowScoring shadowScoring,
            OverloadLadder ladder,
            UnscoredLists unscored,
            ScoringBatch liveUsers,
            ScoringBatch canaryUsers) {
        this.releases = releases;
        this.outputs = outputs;
        this.alerts = alerts;
        this.metrics = metrics;
        this.shadowScoring = shadowScoring;
        this.ladder = ladder;
        this.unscored = unscored;
        this.capacity = liveUsers.features().capacity();
        this.candidates = liveUsers.features().candidates();
        this.gathered = new ArrayList<>(capacity);
        this.liveUsers = liveUsers;
        this.canaryUsers = canaryUsers;
    }

    /** Adds a task, to be scored with the next batch. */
    void add(ScoringTask task) {
        gathered.add(task);
    }

    boolean isFull() {
        return gathered.size() == capacity;
    }

    boolean isEmpty() {
        return gathered.isEmpty();
    }

    /** Scores and sends all that was added. The users of a version keep their order. */
    void score(long nowMillis) {
        OverloadStep step = step(nowMillis);
        divide(step, nowMillis);
        ServingVersion light = OverloadStep.SMALLER_MODEL.isReached(step) ? releases.light() : null;
        ServingVersion live = releases.live();
        long start = System.nanoTime();
        int liveCount = liveUsers.size();
        int canaryCount = canaryUsers.size();
        ServingVersion answering = score(liveUsers, Stream.of(light, live, releases.previous()), nowMillis);
        long nanos = System.nanoTime() - start;
        ServingVersion canary = releases.canary();
        ServingVersion answeringCanary =
                score(canaryUsers, Stream.of(light, canary, live, releases.previous()), nowMillis);
        if (canary != null && answeringCanary == canary) {
            metrics.canaryUsers.inc(canaryCount);
        }
        metrics.usersScored.inc(gathered.size());
        metrics.batchesScored.inc();
        if (step != OverloadStep.FULL) {
            count(liveCount, answering, light);
            count(canaryCount, answeringCanary, light);
        }
        if (step == OverloadStep.FULL && live != null && answering == live) {
            scoreUnseen(nanos, nowMillis);
        }
        gathered.clear();
        liveUsers.clear();
        canaryUsers.clear();
    }

    private OverloadStep step(long nowMillis) {
        for (ScoringTask task : gathered) {
            ladder.add(task, nowMillis);
        }
        return ladder.step(nowMillis);
    }

    /** Sends to some what needs no scores, and gives the others to the versions that they are due. */
    private void divide(OverloadStep step, long nowMillis) {
        int most = step == OverloadStep.FULL ? candidates : Math.max(RankingPolicy.PAGE, candidates / 2);
        liveUsers.limit(most);
        canaryUsers.limit(most);
        TrafficSplit split = releases.split();
        for (ScoringTask task : gathered) {
            if (!unscored.answers(task, step, nowMillis)) {
                (split.has(task.userId) ? canaryUsers : liveUsers).add(task);
            }
        }
    }

    private void count(int users, @Nullable ServingVersion answering, @Nullable ServingVersion light) {
        boolean bySmallerModel = light != null && answering == light;
        Counter counter = bySmallerModel ? metrics.smallerModelUsers : metrics.fewerCandidatesUsers;
        counter.inc(users);
    }

    /**
     * Scores with the first of the versions that can, else by retrieval, and sends. Users whom a version makes no scores of
     * are the next one's.
     *
     * @return what scored all of them; null where no version did alone
     */
    private @Nullable ServingVersion score(
            ScoringBatch users, Stream<@Nullable ServingVersion> versions, long nowMillis) {
        if (users.isEmpty()) {
            return null;
        }
        boolean divided = false;
        for (ServingVersion version : versions.toList()) {
            if (version == null || !isScoredBy(version, users, nowMillis)) {
                continue;
            }
            observe(version, users);
            outputs.recommendations(users, version.model(), nowMillis);
            if (users.failedUsers() == 0) {
                return divided ? null : version;
            }
            divided = true;
            users.keepFailed();
        }
        users.scoreByRetrieval();
        metrics.fallbackUsers.inc(users.size());
        outputs.recommendations(users, null, nowMillis);
        return null;
    }

    private boolean isScoredBy(ServingVersion version, ScoringBatch users, long nowMillis) {
        try {
            users.score(version.model());
            int withoutScores = users.failedUsers();
            version.meter().passed(users.size(), withoutScores, users.passNanos());
            if (withoutScores > 0) {
                failed(version, withoutScores, new ModelFailedException(WITHOUT_SCORES, null), nowMillis);
            }
            return true;
        } catch (ModelFailedException e) {
            version.meter().failed(users.size());
            failed(version, users.size(), e, nowMillis);
            return false;
        }
    }

    private void failed(ServingVersion version, int users, ModelFailedException e, long nowMillis) {
        metrics.modelFailures.inc();
        LOG.error(
                "Model version {} failed on a batch of {} users",
                version.model().version(),
                users,
                e);
        alerts.failed(releases.released(version), users, e, nowMillis);
    }

    private static void observe(ServingVersion version, ScoringBatch users) {
        for (int user = 0; user < users.size(); user++) {
            if (users.hasFailed(user)) {
                continue;
            }
            version.meter()
                    .scored(
                            users.modelScores(),
                            users.offset(user),
                            users.candidates(user).size());
        }
    }

    /** After the answers have been sent. */
    private void scoreUnseen(long liveNanos, long nowMillis) {
        ServingVersion shadow = releases.shadow();
        if (shadow != null) {
            try {
                shadowScoring.score(shadow, liveUsers, liveNanos);
            } catch (ModelFailedException e) {
                failed(shadow, liveUsers.size(), e, nowMillis);
            }
        }
    }
}
