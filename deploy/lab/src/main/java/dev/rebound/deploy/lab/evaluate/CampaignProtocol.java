package dev.rebound.deploy.lab.evaluate;

import dev.rebound.deploy.lab.evaluation.CampaignEvaluation;
import dev.rebound.deploy.lab.evaluation.CampaignPipeline;
import dev.rebound.deploy.lab.evaluation.CampaignPopularity;
import dev.rebound.deploy.lab.evaluation.CampaignPopularity.Counted;
import dev.rebound.deploy.lab.evaluation.CampaignScores;
import dev.rebound.deploy.lab.events.DecodedFeed;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FirstPart;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Meter;
import dev.rebound.deploy.site.Progress;
import dev.rebound.jobs.JobOptions;
import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.training.SignalListener;
import dev.rebound.operators.user.UserSignal;
import it.unimi.dsi.fastutil.longs.LongAVLTreeSet;
import java.util.List;

/**
 * Foresees which campaigns users redeem. The last third of the times at which campaigns start is held out: lists from then
 * on are judged. Nothing is random.
 */
public final class CampaignProtocol {
    private static final double HELD_OUT_SHARE = 1 / 3.0;

    private final Progress output;

    public CampaignProtocol(Progress output) {
        this.output = output;
    }

    /** How each recommender did, ours first. */
    public List<CampaignScores> run(EvaluationPlan plan) {
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
                        "There is no campaign to predict: give a file of them with --campaigns");
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
