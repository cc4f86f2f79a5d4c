package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.CatalogItem;
import java.util.List;
import java.util.stream.Stream;

/** A shop's data in the order in which it happens. Every call reads it anew and gives the same. */
public interface EventSource {
    /** The catalog as it is before the first event; the caller closes the stream. */
    Stream<CatalogItem> catalog();

    /** Events, requests, campaigns and later catalog changes, in the order of sending; the caller closes the stream. */
    Stream<FeedRecord> feed();

    /** How many behaviour events the feed holds, corrupt ones too. */
    long eventCount();

    /** What could not be read by the calls so far. */
    List<RejectedRow> rejected();
}
