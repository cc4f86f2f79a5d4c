package dev.rebound.operators;

import dev.rebound.operators.campaigns.CampaignEntry;
import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.item.ItemKey;
import java.time.Duration;
import java.util.Arrays;

/** Builds campaigns for tests in one line: {@code aCampaign("c1").on("i1", "i2").budget(500).entry()}. */
public final class Campaigns {
    private final String id;
    private long[] items = {};
    private String[] categories = {};
    private long budget = CampaignEntry.UNLIMITED;
    private long discount;
    private long startsMillis = Signals.START - Duration.ofDays(1).toMillis();
    private int maxImpressions = CampaignEntry.UNLIMITED;
    private int maxRedemptions = CampaignEntry.UNLIMITED;

    private Campaigns(String id) {
        this.id = id;
    }

    /** A campaign on everything, without limits, that began a day before {@link Signals#START} and runs for two. */
    public static Campaigns aCampaign(String id) {
        return new Campaigns(id);
    }

    public Campaigns on(String... itemIds) {
        items = Arrays.stream(itemIds).mapToLong(ItemKey::of).toArray();
        return this;
    }

    public Campaigns onCategory(String... names) {
        categories = names;
        return this;
    }

    public Campaigns budget(long minor) {
        budget = minor;
        return this;
    }

    public Campaigns discount(long minor) {
        discount = minor;
        return this;
    }

    public Campaigns startingAt(long millis) {
        startsMillis = millis;
        return this;
    }

    public Campaigns capped(int impressions, int redemptions) {
        maxImpressions = impressions;
        maxRedemptions = redemptions;
        return this;
    }

    public CampaignEntry entry() {
        long endsMillis = startsMillis + Duration.ofDays(2).toMillis();
        return new CampaignEntry(
                id, items, categories, budget, discount, startsMillis, endsMillis, maxImpressions, maxRedemptions);
    }

    public CampaignSignal defined() {
        CampaignSignal signal = new CampaignSignal();
        signal.kind = CampaignSignal.Kind.DEFINED;
        signal.campaignKey = ItemKey.of(id);
        signal.entry = entry();
        return signal;
    }

    public CampaignSignal ended() {
        CampaignSignal signal = defined();
        signal.kind = CampaignSignal.Kind.ENDED;
        signal.entry = null;
        return signal;
    }

    public CampaignSignal redeemedAt(long costMinor) {
        CampaignSignal signal = ended();
        signal.kind = CampaignSignal.Kind.REDEEMED;
        signal.costMinor = costMinor;
        return signal;
    }

    public CampaignSignal redeemed() {
        return redeemedAt(CampaignSignal.UNKNOWN_COST);
    }
}
