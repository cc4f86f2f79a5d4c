package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Topic;
import java.util.List;
import java.util.stream.Stream;

/** Events whose campaigns come from another source, before the first event. */
public record WithCampaigns(EventSource events, EventSource campaigns) implements EventSource {
    @Override
    public Stream<CatalogItem> catalog() {
        return events.catalog();
    }

    @Override
    public Stream<FeedRecord> feed() {
        return Stream.concat(campaigns.feed().filter(record -> record.topic() == Topic.CAMPAIGNS), events.feed());
    }

    @Override
    public long eventCount() {
        return events.eventCount();
    }

    @Override
    public List<RejectedRow> rejected() {
        return Stream.concat(campaigns.rejected().stream(), events.rejected().stream())
                .toList();
    }
}
