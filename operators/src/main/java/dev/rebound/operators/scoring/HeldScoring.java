package dev.rebound.operators.scoring;

import dev.rebound.operators.model.ModelOpener;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.ModelRelease;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Answers users as a scoring task does, outside Flink and at a step of the overload ladder that its caller chooses: what each
 * step costs is measured with it. Owned by one thread.
 */
public final class HeldScoring implements AutoCloseable {
    private final ItemTable items;
    private final PopularItems popular;
    private final ActiveReleases active;
    private final OverloadLadder ladder;
    private final UnscoredLists unscored;
    private final ScoringMetrics metrics;
    private final VersionedScoring scoring;

    /**
     * @param releases of the versions that answer
     * @throws IllegalStateException if one of them can't be opened
     */
    public HeldScoring(
            ItemTable items,
            PopularItems popular,
            SessionIndex sessions,
            ScoringSettings settings,
            ModelOpener opener,
            Collection<ModelRelease> releases,
            Output<StreamRecord<OutputRecord>> output) {
        this.items = items;
        this.popular = popular;
        this.active = new ActiveReleases(opener, settings.batchSize(), settings.candidates(), new Strict());
        this.ladder = new OverloadLadder(Duration.ZERO, settings.replayAge());
        ScoringOutputs outputs = new ScoringOutputs(items, settings, output);
        this.unscored = new UnscoredLists(items, popular, outputs, new long[0], settings.candidates());
        ShadowScoring shadow = new ShadowScoring(batch(items, popular, sessions, settings), settings.shadowCost());
        this.metrics = new ScoringMetrics(new UnregisteredMetricsGroup(), active, outputs, shadow, ladder, unscored);
        this.scoring = new VersionedScoring(
                active,
                outputs,
                new ModelAlerts(output),
                metrics,
                shadow,
                ladder,
                unscored,
                batch(items, popular, sessions, settings),
                batch(items, popular, sessions, settings));
        active.restore(releases);
    }

    private static ScoringBatch batch(
            ItemTable items, PopularItems popular, SessionIndex sessions, ScoringSettings settings) {
        return new ScoringBatch(items, popular, sessions, settings.batchSize(), settings.candidates());
    }

    /**
     * Answers them together: at most as many as a batch has room for.
     *
     * @throws IllegalStateException if not all of them were answered as the step says: its cost would be that of another one
     */
    public void answer(List<ScoringTask> tasks, OverloadStep step, long nowMillis) {
        ladder.hold(step);
        popular.refresh(items, System.nanoTime());
        long before = answeredAt(step);
        tasks.forEach(scoring::add);
        scoring.score(nowMillis);
        long answered = answeredAt(step) - before;
        if (answered != tasks.size()) {
            throw new IllegalStateException(answered + " of " + tasks.size() + " users were answered as the step "
                    + step + " says; the others by another version, list or step");
        }
    }

    private long answeredAt(OverloadStep step) {
        return switch (step) {
            case FULL -> metrics.usersScored.getCount() - metrics.fallbackUsers.getCount();
            case FEWER_CANDIDATES -> metrics.fewerCandidatesUsers.getCount();
            case SMALLER_MODEL -> metrics.smallerModelUsers.getCount();
            case LAST_LIST -> unscored.byLastList();
            case TRENDING -> unscored.byTrending();
        };
    }

    @Override
    public void close() {
        active.close();
    }

    /** What a job would go on without, nothing can be measured without. */
    private static final class Strict implements ActiveReleases.Listener {
        @Override
        public void refused(ModelRelease release, Throwable cause) {
            unavailable(release, cause);
        }

        @Override
        public void unavailable(ModelRelease release, Throwable cause) {
            throw new IllegalStateException("Can't open " + release.getPackageUri() + ": " + cause, cause);
        }

        @Override
        public void dropped(ServingVersion version) {}
    }
}
