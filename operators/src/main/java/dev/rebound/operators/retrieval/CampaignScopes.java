package dev.rebound.operators.retrieval;

import dev.rebound.operators.campaigns.CampaignEntry;
import dev.rebound.operators.retrieval.CampaignTable.Campaign;
import dev.rebound.operators.retrieval.ItemTable.Item;
import it.unimi.dsi.fastutil.ints.Int2DoubleLinkedOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;

/**
 * Which campaigns an item or category belongs to, and what of all demand each campaign covers. Campaigns have dense
 * indexes from 0. Made anew when campaigns change; making it looks once at each item and at each scope.
 */
public final class CampaignScopes {
    /** The index of a campaign that is not there. */
    public static final int NO_CAMPAIGN = -1;

    static final CampaignScopes NONE = of(new Campaign[0], new ItemTable());

    /** Demand for an item that nobody asked for, beside 1 for the most popular one. */
    private static final double LEAST_DEMAND = 1e-6;

    private final Campaign[] campaigns;
    private final Long2IntOpenHashMap indexes = new Long2IntOpenHashMap();
    private final float[] shareOfDemand;
    private final float[] saving;
    private final Postings bySlot;
    private final Postings byCategory;
    private final Postings byWholeCategory;

    private CampaignScopes(Campaign[] campaigns, ItemTable items) {
        this.campaigns = campaigns;
        this.shareOfDemand = new float[campaigns.length];
        this.saving = new float[campaigns.length];
        indexes.defaultReturnValue(NO_CAMPAIGN);
        Postings.Builder slots = new Postings.Builder();
        Postings.Builder categories = new Postings.Builder();
        Postings.Builder wholeCategories = new Postings.Builder();
        Demand demand = new Demand(items);
        for (int index = 0; index < campaigns.length; index++) {
            indexes.put(campaigns[index].key, index);
            Scope scope = new Scope(index, items, demand);
            scope.wholeCategories(campaigns[index].entry, wholeCategories);
            scope.items(campaigns[index].entry, slots);
            shareOfDemand[index] = scope.share(campaigns[index].entry, categories);
            saving[index] = scope.saving(campaigns[index].entry);
        }
        bySlot = slots.build(items.size());
        byCategory = categories.build(items.categoryCount());
        byWholeCategory = wholeCategories.build(items.categoryCount());
    }

    static CampaignScopes of(Campaign[] campaigns, ItemTable items) {
        return new CampaignScopes(campaigns, items);
    }

    /** How much each offered item is wanted, by all users. */
    private static final class Demand {
        private final double[] ofSlot;
        private final double[] ofCategory;
        private final double[] pricedOfCategory;
        private final double[] pricesOfCategory;
        private double total;
        private double priced;
        private double prices;

        Demand(ItemTable items) {
            ofSlot = new double[items.size()];
            ofCategory = new double[items.categoryCount()];
            pricedOfCategory = new double[items.categoryCount()];
            pricesOfCategory = new double[items.categoryCount()];
            double most = Double.NEGATIVE_INFINITY;
            for (int slot = 0; slot < items.size(); slot++) {
                Item item = items.item(slot);
                most = item == null ? most : Math.max(most, item.popularity);
            }
            for (int slot = 0; slot < items.size(); slot++) {
                Item item = items.item(slot);
                if (item != null && item.offered) {
                    // Popularity is the logarithm of a sum: relative to the greatest it needs no clock.
                    double relative =
                            item.popularity == Double.NEGATIVE_INFINITY ? 0 : Math.pow(2, item.popularity - most);
                    ofSlot[slot] = relative + LEAST_DEMAND;
                    ofCategory[item.category] += ofSlot[slot];
                    total += ofSlot[slot];
                    addPrice(item, ofSlot[slot]);
                }
            }
        }

        private void addPrice(Item item, double weight) {
            if (item.priceMinor > 0) {
                pricedOfCategory[item.category] += weight;
                pricesOfCategory[item.category] += weight * item.priceMinor;
                priced += weight;
                prices += weight * item.priceMinor;
            }
        }
    }

    /** One campaign's part of demand. */
    private static final class Scope {
        private final int index;
        private final ItemTable items;
        private final Demand demand;
        private final IntOpenHashSet whole = new IntOpenHashSet();
        private final Int2DoubleLinkedOpenHashMap demandByCategory = new Int2DoubleLinkedOpenHashMap();
        private double pricedDemand;
        private double prices;

        Scope(int index, ItemTable items, Demand demand) {
            this.index = index;
            this.items = items;
            this.demand = demand;
        }

        void wholeCategories(CampaignEntry entry, Postings.Builder postings) {
            for (String name : entry.categories()) {
                int category = items.category(name);
                if (category != ItemTable.NO_INDEX && whole.add(category)) {
                    postings.add(category, index, 1);
                    demandByCategory.put(category, demand.ofCategory[category]);
                    pricedDemand += demand.pricedOfCategory[category];
                    prices += demand.pricesOfCategory[category];
                }
            }
        }

        void items(CampaignEntry entry, Postings.Builder postings) {
            for (long key : entry.itemKeys()) {
                int slot = items.slot(key);
                Item item = slot < 0 ? null : items.item(slot);
                if (item == null || whole.contains(item.category)) {
                    continue;
                }
                postings.add(slot, index, 1);
                demandByCategory.addTo(item.category, demand.ofSlot[slot]);
                if (item.priceMinor > 0) {
                    pricedDemand += demand.ofSlot[slot];
                    prices += demand.ofSlot[slot] * item.priceMinor;
                }
            }
        }

        float share(CampaignEntry entry, Postings.Builder postings) {
            if (isEverything(entry)) {
                pricedDemand = demand.priced;
                prices = demand.prices;
                return demand.total > 0 ? 1 : 0;
            }
            double sum = 0;
            for (var part : demandByCategory.int2DoubleEntrySet()) {
                sum += part.getDoubleValue();
                if (part.getIntKey() != ItemTable.NO_INDEX && part.getDoubleValue() > 0) {
                    double share = part.getDoubleValue() / demand.ofCategory[part.getIntKey()];
                    postings.add(part.getIntKey(), index, (float) share);
                }
            }
            return demand.total > 0 ? (float) (sum / demand.total) : 0;
        }

        /** The discount as a share of what items of the scope cost on average, at most 1; 0 where that is unknown. */
        float saving(CampaignEntry entry) {
            return prices == 0 ? 0 : (float) Math.min(1, entry.discountMinor() * pricedDemand / prices);
        }
    }

    static boolean isEverything(CampaignEntry entry) {
        return entry.itemKeys().length == 0 && entry.categories().length == 0;
    }

    /** How many campaigns. */
    public int size() {
        return campaigns.length;
    }

    public Campaign campaign(int index) {
        return campaigns[index];
    }

    /** The index of a campaign's key, or {@link #NO_CAMPAIGN}. */
    public int index(long campaignKey) {
        return indexes.get(campaignKey);
    }

    /** Whether every item is in the scope. */
    public boolean isEverything(int index) {
        return isEverything(campaigns[index].entry);
    }

    /** The share of all users' demand that a campaign's offered items have, 0 to 1; 0 only where none is offered. */
    public float shareOfDemand(int index) {
        return shareOfDemand[index];
    }

    /** What a redemption saves, as a share of what items of the scope cost on average, 0 to 1. */
    public float saving(int index) {
        return saving[index];
    }

    /** Whether an item is in the scope of a campaign. */
    public boolean covers(int index, int slot, int category) {
        return isEverything(index) || bySlot.holds(slot, index) || byWholeCategory.holds(category, index);
    }

    /** Adds a weight to each campaign that covers an item, but for those that cover every item. */
    public void addCovering(int slot, int category, float weight, float[] sums) {
        add(bySlot, slot, weight, sums);
        add(byWholeCategory, category, weight, sums);
    }

    /** Adds to each campaign a weight times the share of a category's demand that it covers. */
    public void addCategory(int category, float weight, float[] sums) {
        add(byCategory, category, weight, sums);
    }

    /** The share of a category's demand that a campaign covers, 0 to 1. */
    public float shareOfCategory(int index, int category) {
        if (isEverything(index)) {
            return 1;
        }
        for (int at = byCategory.begin(category); at < byCategory.end(category); at++) {
            if (byCategory.value(at) == index) {
                return byCategory.weight(at);
            }
        }
        return 0;
    }

    private static void add(Postings postings, int key, float weight, float[] sums) {
        int end = postings.end(key);
        for (int at = postings.begin(key); at < end; at++) {
            sums[postings.value(at)] += weight * postings.weight(at);
        }
    }
}
