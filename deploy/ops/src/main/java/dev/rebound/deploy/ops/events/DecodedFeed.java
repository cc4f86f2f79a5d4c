package dev.rebound.deploy.ops.events;

import dev.rebound.operators.features.CampaignSignal;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Gives the records of a source as the job's own sources would: decoded and validated by the same code. What would be a
 * dead letter is passed over.
 */
public final class DecodedFeed {
    private final EventSource source;
    private final FeedEncoder encoder = new FeedEncoder();
    private final TopicDeserializer<ItemSignal> items = TopicDeserializer.catalog();
    private final TopicDeserializer<CampaignSignal> campaigns = TopicDeserializer.campaigns();
    private final TopicDeserializer<UserSignal> events = TopicDeserializer.behaviourEvents();
    private final TopicDeserializer<UserSignal> requests = TopicDeserializer.requests();
    private final long nowMillis = System.currentTimeMillis();

    /** Takes the signals; each is overwritten by the next. */
    public interface Listener {
        void item(ItemSignal item);

        void event(UserSignal event);

        /** Most want to know nothing of requests. */
        default void request(UserSignal request) {}

        /** A request that ranks campaigns, and so holds no items. */
        default void campaignRequest(UserSignal request) {}

        default void campaign(CampaignSignal campaign) {}
    }

    public DecodedFeed(EventSource source) {
        this.source = source;
        items.open();
        campaigns.open();
        events.open();
        requests.open();
    }

    /**
     * Reads the catalog, then the feed.
     *
     * @param mostEvents where to stop, corrupt events counted too
     */
    public void read(long mostEvents, Listener listener) {
        try (Stream<CatalogItem> catalog = source.catalog()) {
            catalog.forEach(item -> item(encoder.item(item), listener));
        }
        long read = 0;
        try (Stream<FeedRecord> feed = source.feed()) {
            Iterator<FeedRecord> records = feed.iterator();
            while (read < mostEvents && records.hasNext()) {
                FeedRecord record = records.next();
                if (record.topic() == Topic.CATALOG_UPDATES) {
                    item(record, listener);
                } else if (record.topic() == Topic.CAMPAIGNS) {
                    campaign(record, listener);
                } else if (record.topic() == Topic.RECOMMENDATION_REQUESTS) {
                    request(record, listener);
                } else {
                    read++;
                    UserSignal event = events.decode(kafka(record)).value;
                    if (event != null) {
                        listener.event(event);
                    }
                }
            }
        }
    }

    private void campaign(FeedRecord record, Listener listener) {
        CampaignSignal campaign = campaigns.decode(kafka(record)).value;
        if (campaign != null) {
            listener.campaign(campaign);
        }
    }

    private void request(FeedRecord record, Listener listener) {
        UserSignal request = requests.decode(kafka(record)).value;
        if (request == null) {
            return;
        }
        if (request.type == Scenario.CAMPAIGN.ordinal()) {
            listener.campaignRequest(request);
        } else {
            listener.request(request);
        }
    }

    private void item(FeedRecord record, Listener listener) {
        Decoded<ItemSignal> item = items.decode(kafka(record));
        if (item.value != null) {
            listener.item(item.value);
        }
    }

    private ConsumerRecord<byte[], byte[]> kafka(FeedRecord record) {
        return new ConsumerRecord<>(
                record.topic().shortName(),
                0,
                0,
                nowMillis,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(),
                Optional.empty());
    }
}
