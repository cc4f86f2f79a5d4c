package dev.rebound.deploy.lab.events;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Meter;
import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.training.SignalListener;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Gives the records of a source as the job's own sources would: decoded and validated by the same code. What would be a
 * dead letter is passed over. It is read part by part, each from where the last one ended.
 */
public final class DecodedFeed implements AutoCloseable {
    private final FeedEncoder encoder = new FeedEncoder();
    private final TopicDeserializer<ItemSignal> items = TopicDeserializer.catalog();
    private final TopicDeserializer<CampaignSignal> campaigns = TopicDeserializer.campaigns();
    private final TopicDeserializer<UserSignal> events = TopicDeserializer.behaviourEvents();
    private final TopicDeserializer<UserSignal> requests = TopicDeserializer.requests();
    private final long nowMillis = System.currentTimeMillis();
    private final Meter meter;
    private final Stream<CatalogItem> catalog;
    private final Stream<FeedRecord> feed;
    private final Iterator<CatalogItem> catalogItems;
    private final Iterator<FeedRecord> records;
    private long read;
    /** An event that did not belong to the last part. */
    private @Nullable UserSignal held;

    /** @param meter told how many events have been read */
    public DecodedFeed(EventSource source, Meter meter) {
        this.meter = meter;
        items.open();
        campaigns.open();
        events.open();
        requests.open();
        catalog = source.catalog();
        feed = source.feed();
        catalogItems = catalog.iterator();
        records = feed.iterator();
    }

    /** Reads the catalog, if it has not been read yet, and then on to the end of a part. */
    public void read(FirstPart part, SignalListener listener) {
        while (catalogItems.hasNext()) {
            item(encoder.item(catalogItems.next()), listener);
        }
        if (held != null && held.timeMillis < part.beforeMillis()) {
            listener.event(held);
            held = null;
        }
        while (held == null && read < part.events() && records.hasNext()) {
            FeedRecord record = records.next();
            if (record.topic() == Topic.CATALOG_UPDATES) {
                item(record, listener);
            } else if (record.topic() == Topic.CAMPAIGNS) {
                campaign(record, listener);
            } else if (record.topic() == Topic.RECOMMENDATION_REQUESTS) {
                request(record, listener);
            } else {
                requireUninterrupted();
                meter.at(++read);
                UserSignal event = events.decode(kafka(record)).value;
                if (event != null && event.timeMillis >= part.beforeMillis()) {
                    held = event;
                } else if (event != null) {
                    listener.event(event);
                }
            }
        }
    }

    /** Nothing in here waits, so that nobody else would hear of it. */
    private static void requireUninterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CommandFailedException("Interrupted while reading the history");
        }
    }

    @Override
    public void close() {
        catalog.close();
        feed.close();
    }

    private void campaign(FeedRecord record, SignalListener listener) {
        CampaignSignal campaign = campaigns.decode(kafka(record)).value;
        if (campaign != null) {
            listener.campaign(campaign);
        }
    }

    private void request(FeedRecord record, SignalListener listener) {
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

    private void item(FeedRecord record, SignalListener listener) {
        Decoded<ItemSignal> item = items.decode(kafka(record));
        if (item.value != null) {
            listener.catalog(item.value);
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
