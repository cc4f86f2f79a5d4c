package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.campaigns.CampaignEntry;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.ranking.CampaignRanking;
import dev.rebound.operators.retrieval.CampaignTable;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserSignal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the job answers. */
public final class CampaignPipeline implements CampaignRecommender {
    private final String name;
    private final CampaignTable campaigns = new CampaignTable();
    private final CampaignRanking ranking;

    /** @param exposureFloor as the job's option */
    public CampaignPipeline(String name, ItemTable items, double exposureFloor) {
        this.name = name;
        this.ranking = new CampaignRanking(items, campaigns, exposureFloor);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void campaign(long campaignKey, @Nullable CampaignEntry entry, boolean spent) {
        campaigns.update(campaignKey, entry, spent);
    }

    @Override
    public void learn(UserSignal event) {}

    @Override
    public long[] recommend(ScoringTask task) {
        // The clock of the events: a figure must not hang on how fast the machine is.
        return ranking.rank(task, TimeUnit.MILLISECONDS.toNanos(task.timeMillis)).stream()
                .mapToLong(campaign -> ItemKey.of(campaign.getItemId()))
                .toArray();
    }
}
