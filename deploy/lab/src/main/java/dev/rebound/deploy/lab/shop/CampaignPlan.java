package dev.rebound.deploy.lab.shop;

import dev.rebound.schemas.Campaign;
import dev.rebound.schemas.CampaignKind;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.Scenario;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The coupons that the shop hands out: one for some items of each of the first categories, all of them for the whole
 * time; and the requests that ask for coupons in place of items.
 */
final class CampaignPlan {
    private static final int CAMPAIGNS = 20;
    private static final int ITEMS_PER_CAMPAIGN = 30;
    private static final long DISCOUNT_MINOR = 200;
    private static final int REQUESTS_PER_CAMPAIGN_REQUEST = 5;

    private final Assortment assortment;
    private final Instant start;
    private long requests;

    CampaignPlan(Assortment assortment, Instant start) {
        this.assortment = assortment;
        this.start = start;
    }

    List<Campaign> campaigns() {
        List<Campaign> campaigns = new ArrayList<>();
        for (int leaf = 0; leaf < CAMPAIGNS; leaf++) {
            int ofLeaf = leaf;
            List<String> items = assortment.items().stream()
                    .filter(item -> item.leaf() == ofLeaf)
                    .limit(ITEMS_PER_CAMPAIGN)
                    .map(ShopItem::itemId)
                    .toList();
            String category = assortment.leaf(leaf).name();
            campaigns.add(Campaign.newBuilder()
                    .setCampaignId("coupon-" + category)
                    .setKind(CampaignKind.COUPON)
                    .setTitle("Coupon for " + category)
                    .setItemIds(items)
                    .setDiscountMinor(DISCOUNT_MINOR)
                    .setStartsAt(start.toEpochMilli())
                    .setEndsAt(start.plus(ShopGenerator.PERIOD.multipliedBy(2)).toEpochMilli())
                    .build());
        }
        return campaigns;
    }

    /** Makes some of the requests ask for coupons. */
    RecommendationRequest ask(RecommendationRequest request) {
        if (++requests % REQUESTS_PER_CAMPAIGN_REQUEST == 0) {
            request.setScenario(Scenario.CAMPAIGN);
            request.setContextItemId(null);
        }
        return request;
    }
}
