package dev.rebound.deploy.ops.evaluate;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.Meter;
import dev.rebound.deploy.ops.console.Progress;
import dev.rebound.deploy.ops.events.DecodedFeed;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.events.FirstPart;
import dev.rebound.jobs.JobOptions;
import dev.rebound.operators.evaluation.CampaignEvaluation;
import dev.rebound.operators.evaluation.CampaignPipeline;
import dev.rebound.operators.evaluation.CampaignPopularity;
import dev.rebound.operators.evaluation.CampaignPopularity.Counted;
import dev.rebound.operators.evaluation.CampaignScores;
import dev.rebound.operators.features.CampaignSignal;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.ingest.SignalListener;
import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.training.OfflinePipeline;
import it.unimi.dsi.fastutil.longs.LongAVLTreeSet;
import java.util.List;

/**
 * Foresees which campaigns users redeem. The last third of the times at which campaigns start is held out: lists from then
 * on are judged. Nothing is random.
 */
final class CampaignProtocol {
    private static final double HELD_OUT_SHARE = 1 / 3.0;

    private final Progress output;

    CampaignProtocol(Progress output) {
        this.output = output;
    }

    /** How each recommender did, ours first. */
    List<CampaignScores> run(EvaluationPlan plan) {
        Survey survey = new Survey();
        read(plan.events(), "campaigns", survey);
        OfflinePipeline pipeline = new OfflinePipeline();
        ItemTable items = pipeline.table();
        CampaignEvaluation evaluation = new CampaignEvaluation(
                pipeline,
                List.of(
                        new CampaignPipeline("rebound", items, JobOptions.EXPOSURE_FLOOR.defaultValue()),
                        new CampaignPipeline("rebound-without-floor", items, 0),
                        new CampaignPopularity("popularity", items, Counted.CATEGORY),
                        new CampaignPopularity("scope-popularity", items, Counted.SCOPE),
                        new CampaignPopularity("redemptions", items, Counted.REDEMPTIONS)),
                survey.heldOutFromMillis(),
                survey.requests > 0);
        read(plan.events(), "evaluation", new Replay(evaluation));
        return evaluation.scores();
    }

    private void read(EventSource source, String what, SignalListener listener) {
        try (DecodedFeed feed = new DecodedFeed(source, new Meter(output, what, source.eventCount()))) {
            feed.read(FirstPart.ALL, listener);
        }
    }

    /** Looks when campaigns start, and whether users ask for them. */
    private static final class Survey implements SignalListener {
        private final LongAVLTreeSet starts = new LongAVLTreeSet();
        private long requests;

        @Override
        public void catalog(ItemSignal item) {}

        @Override
        public void event(UserSignal event) {}

        @Override
        public void campaignRequest(UserSignal request) {
            requests++;
        }

        @Override
        public void campaign(CampaignSignal campaign) {
            if (campaign.entry != null) {
                starts.add(campaign.entry.startsMillis());
            }
        }

        long heldOutFromMillis() {
            if (starts.isEmpty()) {
                throw new CommandFailedException(
                        "There is no campaign to foresee: give a file of them with --campaigns");
            }
            int heldOut = (int) Math.ceil(starts.size() * HELD_OUT_SHARE);
            return starts.toLongArray()[starts.size() - heldOut];
        }
    }

    /** Hands everything to the evaluation. */
    private static final class Replay implements SignalListener {
        private final CampaignEvaluation evaluation;

        Replay(CampaignEvaluation evaluation) {
            this.evaluation = evaluation;
        }

        @Override
        public void catalog(ItemSignal item) {
            evaluation.catalog(item);
        }

        @Override
        public void campaign(CampaignSignal campaign) {
            evaluation.campaign(campaign);
        }

        @Override
        public void campaignRequest(UserSignal request) {
            evaluation.request(request);
        }

        @Override
        public void event(UserSignal event) {
            evaluation.event(event);
        }
    }
}
