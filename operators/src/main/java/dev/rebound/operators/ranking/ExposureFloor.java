package dev.rebound.operators.ranking;

import dev.rebound.operators.retrieval.CampaignScopes;
import dev.rebound.operators.retrieval.CampaignTable.Campaign;

/**
 * Sees to it that no campaign that could be shown goes unseen. In a list of k places that m campaigns could be in, an even
 * share is k/m for each; the floor is the part of it that each is to have in the long run. A campaign that lacks a whole
 * showing to its floor takes one of the last places. So over all lists at most the floor's part of the places is taken
 * from campaigns of more value, and of one list, which is one user's, at most {@code ceil(floor k)}.
 *
 * <p>Each scoring task counts what it has shown, from its start on. Owned by one thread.
 */
final class ExposureFloor {
    /** What a campaign may have had too much, and be owed, at most: neither lasts for ever. */
    private static final double MOST_CREDIT = 1;

    private static final double MOST_OWED = 10;

    private final double floor;

    /** @param floor 0 to 1; 0 lifts nothing */
    ExposureFloor(double floor) {
        this.floor = floor;
    }

    /**
     * Gives last places to campaigns that are owed exposure, and notes what is shown.
     *
     * @param order campaign indexes, best first; the shown ones, which come first, are changed
     * @param eligible how many of them could be shown
     * @param places how many of them are shown
     * @return how many of the last places were given
     */
    int lift(CampaignScopes scopes, int[] order, int eligible, int places) {
        if (floor == 0 || eligible == 0) {
            return 0;
        }
        int most = Math.min((int) Math.ceil(floor * places), eligible - places);
        int lifted = 0;
        while (lifted < most) {
            int owed = mostOwed(scopes, order, places, eligible);
            if (scopes.campaign(order[owed]).owedExposure < 1) {
                break;
            }
            int place = places - 1 - lifted++;
            int index = order[owed];
            order[owed] = order[place];
            order[place] = index;
        }
        account(scopes, order, eligible, places);
        return lifted;
    }

    private static int mostOwed(CampaignScopes scopes, int[] order, int from, int to) {
        int most = from;
        for (int i = from + 1; i < to; i++) {
            if (scopes.campaign(order[i]).owedExposure > scopes.campaign(order[most]).owedExposure) {
                most = i;
            }
        }
        return most;
    }

    private void account(CampaignScopes scopes, int[] order, int eligible, int places) {
        double due = floor * places / eligible;
        for (int i = 0; i < eligible; i++) {
            Campaign campaign = scopes.campaign(order[i]);
            double owed = campaign.owedExposure + due - (i < places ? 1 : 0);
            campaign.owedExposure = Math.max(-MOST_CREDIT, Math.min(MOST_OWED, owed));
        }
    }
}
