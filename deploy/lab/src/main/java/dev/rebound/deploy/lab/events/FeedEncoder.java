package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.Campaign;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;

/** Makes feed records, each keyed as its topic asks. Not thread-safe. */
public final class FeedEncoder {
    private final RecordCodec<BehaviourEvent> events = RecordCodec.of(BehaviourEvent.class);
    private final RecordCodec<RecommendationRequest> requests = RecordCodec.of(RecommendationRequest.class);
    private final RecordCodec<Campaign> campaigns = RecordCodec.of(Campaign.class);
    private final RecordCodec<CatalogItem> items = RecordCodec.of(CatalogItem.class);

    public FeedRecord event(BehaviourEvent event) {
        return new FeedRecord(Topic.BEHAVIOUR_EVENTS, key(event.getUserId()), events.encode(event));
    }

    public FeedRecord request(RecommendationRequest request) {
        return new FeedRecord(Topic.RECOMMENDATION_REQUESTS, key(request.getUserId()), requests.encode(request));
    }

    public FeedRecord campaign(Campaign campaign) {
        return new FeedRecord(Topic.CAMPAIGNS, key(campaign.getCampaignId()), campaigns.encode(campaign));
    }

    public FeedRecord item(CatalogItem item) {
        return new FeedRecord(Topic.CATALOG_UPDATES, key(item.getItemId()), items.encode(item));
    }

    /** An event, a request, a campaign or an item. */
    public FeedRecord record(SpecificRecord record) {
        if (record instanceof BehaviourEvent event) {
            return event(event);
        }
        if (record instanceof Campaign campaign) {
            return campaign(campaign);
        }
        return record instanceof RecommendationRequest request ? request(request) : item((CatalogItem) record);
    }

    /** Takes an item out of the catalog. */
    public FeedRecord removal(String itemId) {
        return new FeedRecord(Topic.CATALOG_UPDATES, key(itemId), null);
    }

    private static byte[] key(String id) {
        return id.getBytes(StandardCharsets.UTF_8);
    }
}
