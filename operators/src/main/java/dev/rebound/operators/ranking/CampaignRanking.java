package dev.rebound.operators.ranking;

import dev.rebound.operators.campaigns.CampaignEntry;
import dev.rebound.operators.retrieval.CampaignScopes;
import dev.rebound.operators.retrieval.CampaignTable;
import dev.rebound.operators.retrieval.CampaignTable.Campaign;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.ScoreOrder;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.RecommendedItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers CAMPAIGN requests: of the campaigns that the user may be shown, those worth most to the user, and now and then
 * one that is hardly ever shown. Owned by one thread.
 *
 * <p>Reasons, the strongest first: {@code covers-item:ITEM}, {@code covers-your:CATEGORY}, {@code popular-offer} where
 * nothing of the user's is covered, {@code seldom-shown} where the campaign is there for the floor of exposure.
 */
public final class CampaignRanking {
    /** What stands in place of a model's version. */
    public static final String VERSION = "campaign-value";

    private final ItemTable table;
    private final CampaignTable campaigns;
    private final CampaignValue value;
    private final ExposureFloor floor;
    private final RecentSlots slots = new RecentSlots();
    private int[] order = {};
    private final ScoreOrder best = new ScoreOrder(64);
    private boolean[] taken = {};

    /** @param exposureFloor part of an even share of exposure that each campaign is to have, 0 to 1 */
    public CampaignRanking(ItemTable table, CampaignTable campaigns, double exposureFloor) {
        this.table = table;
        this.campaigns = campaigns;
        this.value = new CampaignValue(table);
        this.floor = new ExposureFloor(exposureFloor);
    }

    /**
     * The campaigns to show, at most as many as the task wants, the best first.
     *
     * @param nowNanos of any clock that goes on: how old the view of all users' demand may be
     */
    public List<RecommendedItem> rank(ScoringTask task, long nowNanos) {
        CampaignScopes scopes = campaigns.scopes(table, nowNanos);
        slots.resolve(task.recent, table);
        float[] values = value.of(task.recent, slots, scopes, task.timeMillis);
        int eligible = eligible(task, scopes, values);
        int places = Math.min(task.count, eligible);
        int lifted = floor.lift(scopes, order, eligible, places);
        List<RecommendedItem> shown = new ArrayList<>(places);
        for (int i = 0; i < places; i++) {
            int index = order[i];
            List<String> reasons = i < places - lifted ? reasons(task, scopes, index) : List.of("seldom-shown");
            shown.add(new RecommendedItem(
                    scopes.campaign(index).entry.campaignId(), values[index], reasons, Map.of(), 1f));
        }
        return shown;
    }

    /** How many campaigns the user may be shown; their indexes stand in {@link #order}, the best first. */
    private int eligible(ScoringTask task, CampaignScopes scopes, float[] values) {
        if (order.length < scopes.size()) {
            order = new int[scopes.size() * 2];
            taken = new boolean[order.length];
        }
        best.clear();
        if (task.candidates == null) {
            for (int index = 0; index < scopes.size(); index++) {
                add(task, scopes, index, values);
            }
        } else {
            for (long key : task.candidates) {
                int index = scopes.index(key);
                if (index != CampaignScopes.NO_CAMPAIGN && !taken[index]) {
                    add(task, scopes, index, values);
                    taken[index] = true;
                }
            }
            Arrays.fill(taken, 0, scopes.size(), false);
        }
        best.sort();
        for (int i = 0; i < best.size(); i++) {
            order[i] = best.number(i);
        }
        return best.size();
    }

    private void add(ScoringTask task, CampaignScopes scopes, int index, float[] values) {
        if (isEligible(task, scopes, index)) {
            best.add(index, values[index]);
        }
    }

    private static boolean isEligible(ScoringTask task, CampaignScopes scopes, int index) {
        Campaign campaign = scopes.campaign(index);
        CampaignEntry entry = campaign.entry;
        boolean runs = entry.startsMillis() <= task.timeMillis && task.timeMillis < entry.endsMillis();
        if (!runs || campaign.spent || scopes.shareOfDemand(index) == 0) {
            return false;
        }
        int impressions = task.campaigns == null ? 0 : task.campaigns.impressions(campaign.key);
        int redemptions = task.campaigns == null ? 0 : task.campaigns.redemptions(campaign.key);
        return isBelow(impressions, entry.maxImpressionsPerUser())
                && isBelow(redemptions, entry.maxRedemptionsPerUser());
    }

    private static boolean isBelow(int count, int most) {
        return most == CampaignEntry.UNLIMITED || count < most;
    }

    private List<String> reasons(ScoringTask task, CampaignScopes scopes, int index) {
        List<String> reasons = new ArrayList<>(2);
        Item covered = null;
        int best = ItemTable.NO_INDEX;
        for (int n = 0; n < task.recent.size(); n++) {
            Item item = item(n);
            if (item == null) {
                continue;
            }
            if (covered == null && scopes.covers(index, slots.slot(n), item.category)) {
                covered = item;
            }
            if (scopes.shareOfCategory(index, item.category) > shareOf(scopes, index, best)) {
                best = item.category;
            }
        }
        if (covered != null) {
            reasons.add("covers-item:" + covered.itemId);
        }
        if (best != ItemTable.NO_INDEX) {
            reasons.add("covers-your:" + table.categoryName(best));
        }
        if (reasons.isEmpty()) {
            reasons.add("popular-offer");
        }
        return reasons;
    }

    private static float shareOf(CampaignScopes scopes, int index, int category) {
        return category == ItemTable.NO_INDEX ? 0 : scopes.shareOfCategory(index, category);
    }

    private @Nullable Item item(int n) {
        return slots.slot(n) == RecentSlots.NONE ? null : table.item(slots.slot(n));
    }
}
