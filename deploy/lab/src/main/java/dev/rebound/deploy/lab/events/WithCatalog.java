package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.CatalogItem;
import java.util.List;
import java.util.stream.Stream;

/** Events whose catalog comes from another source. */
public record WithCatalog(EventSource events, EventSource items) implements EventSource {
    @Override
    public Stream<CatalogItem> catalog() {
        return items.catalog();
    }

    @Override
    public Stream<FeedRecord> feed() {
        return events.feed();
    }

    @Override
    public long eventCount() {
        return events.eventCount();
    }

    @Override
    public List<RejectedRow> rejected() {
        return Stream.concat(items.rejected().stream(), events.rejected().stream())
                .toList();
    }
}
