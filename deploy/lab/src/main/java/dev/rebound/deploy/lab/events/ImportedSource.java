package dev.rebound.deploy.lab.events;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.RecommendationRequest;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A data set that is held in memory once it has been read, about 300 bytes a row. A feed without requests gets
 * {@linkplain RequestsAlong made ones}.
 */
public final class ImportedSource implements EventSource {
    private final Supplier<Contents> reader;
    private @Nullable Contents contents;

    /**
     * What a data set holds.
     *
     * @param feed events, requests and later catalog changes in the order in which they happened
     */
    record Contents(List<CatalogItem> catalog, List<? extends SpecificRecord> feed, List<RejectedRow> rejected) {}

    ImportedSource(Supplier<Contents> reader) {
        this.reader = reader;
    }

    @Override
    public Stream<CatalogItem> catalog() {
        return contents().catalog().stream();
    }

    @Override
    public Stream<FeedRecord> feed() {
        FeedEncoder encoder = new FeedEncoder();
        RequestsAlong made = new RequestsAlong();
        boolean without = contents().feed().stream().noneMatch(RecommendationRequest.class::isInstance);
        return contents().feed().stream()
                .flatMap(record -> Stream.concat(
                        Stream.of(encoder.record(record)),
                        without && record instanceof BehaviourEvent event
                                ? made.after(event).map(encoder::request).stream()
                                : Stream.empty()));
    }

    @Override
    public long eventCount() {
        return contents().feed().stream()
                .filter(BehaviourEvent.class::isInstance)
                .count();
    }

    @Override
    public List<RejectedRow> rejected() {
        return contents().rejected();
    }

    private Contents contents() {
        if (contents == null) {
            contents = reader.get();
        }
        return contents;
    }
}
