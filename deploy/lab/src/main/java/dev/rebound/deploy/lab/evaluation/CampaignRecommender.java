package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.campaigns.CampaignEntry;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserSignal;
import org.jspecify.annotations.Nullable;

/** Orders campaigns for a user; learns from what happens. */
public interface CampaignRecommender {
    String name();

    /** Takes over a campaign as it is from now on; null where it is over. */
    void campaign(long campaignKey, @Nullable CampaignEntry entry, boolean spent);

    /** Learns of an event, which the pipeline has not learned yet. */
    void learn(UserSignal event);

    /** Keys of the task's candidates that may be shown, all running ones where it names none; the best first. */
    long[] recommend(ScoringTask task);
}
