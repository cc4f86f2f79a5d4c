package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.campaigns.CampaignEntry;
import dev.rebound.operators.item.Interaction;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.EventType;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectLinkedOpenHashMap;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Shows everybody the same: the campaigns of what was interacted with or redeemed most often so far. */
public final class CampaignPopularity implements CampaignRecommender {
    private static final int PURCHASE = EventType.PURCHASE.ordinal();

    private final String name;
    private final ItemTable items;
    private final Counted counted;
    private final Long2ObjectLinkedOpenHashMap<CampaignEntry> campaigns = new Long2ObjectLinkedOpenHashMap<>();
    private final Long2IntOpenHashMap byItem = new Long2IntOpenHashMap();
    private final Int2IntOpenHashMap byCategory = new Int2IntOpenHashMap();
    private final Int2IntOpenHashMap redemptionsByScope = new Int2IntOpenHashMap();

    /** What makes a campaign popular. */
    public enum Counted {
        /** Interactions with items of the category that most items of the scope are of. */
        CATEGORY,
        /** Interactions with items of the scope. */
        SCOPE,
        /** Redemptions of campaigns of the same items. */
        REDEMPTIONS
    }

    private record Popular(long campaignKey, long popularity) {}

    public CampaignPopularity(String name, ItemTable items, Counted counted) {
        this.name = name;
        this.items = items;
        this.counted = counted;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void campaign(long campaignKey, @Nullable CampaignEntry entry, boolean spent) {
        if (entry == null) {
            campaigns.remove(campaignKey);
        } else {
            campaigns.put(campaignKey, entry);
        }
    }

    @Override
    public void learn(UserSignal event) {
        CampaignEntry redeemed = event.type == PURCHASE ? campaigns.get(event.campaignKey) : null;
        if (redeemed != null) {
            redemptionsByScope.addTo(scope(redeemed), 1);
        }
        if (event.itemKey != ItemKey.NONE && Interaction.isInterest(event.type)) {
            byItem.addTo(event.itemKey, 1);
            byCategory.addTo(category(event.itemKey), 1);
        }
    }

    @Override
    public long[] recommend(ScoringTask task) {
        LongStream candidates =
                task.candidates == null ? campaigns.keySet().longStream() : Arrays.stream(task.candidates);
        return candidates
                .mapToObj(key -> campaigns.get(key))
                .filter(entry -> runs(entry, task.timeMillis))
                .map(entry -> new Popular(ItemKey.of(entry.campaignId()), popularity(entry)))
                .sorted(Comparator.comparingLong(Popular::popularity).reversed())
                .limit(task.count)
                .mapToLong(Popular::campaignKey)
                .toArray();
    }

    private static boolean runs(@Nullable CampaignEntry entry, long timeMillis) {
        return entry != null && entry.startsMillis() <= timeMillis && timeMillis < entry.endsMillis();
    }

    private long popularity(CampaignEntry entry) {
        return switch (counted) {
            case CATEGORY -> byCategory.get(mainCategory(entry));
            case SCOPE -> Arrays.stream(entry.itemKeys()).map(byItem::get).sum();
            case REDEMPTIONS -> redemptionsByScope.get(scope(entry));
        };
    }

    private static int scope(CampaignEntry entry) {
        return Arrays.hashCode(Arrays.stream(entry.itemKeys()).sorted().toArray());
    }

    private int mainCategory(CampaignEntry entry) {
        Int2IntOpenHashMap counts = new Int2IntOpenHashMap();
        int main = ItemTable.NO_INDEX;
        for (long key : entry.itemKeys()) {
            int category = category(key);
            counts.addTo(category, 1);
            if (counts.get(category) > counts.get(main)) {
                main = category;
            }
        }
        return entry.categories().length == 0 ? main : items.category(entry.categories()[0]);
    }

    private int category(long itemKey) {
        Item item = items.byKey(itemKey);
        return item == null ? ItemTable.NO_INDEX : item.category;
    }
}
