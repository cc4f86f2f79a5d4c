package dev.rebound.deploy.everycommand;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.Campaign;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** Parts of a made-up shop's history as files for {@code rebound replay}: they hold what a user's own file would. */
final class ShopFile {
    private final Map<Topic, RecordCodec<? extends SpecificRecord>> codecs = Map.of(
            Topic.BEHAVIOUR_EVENTS, RecordCodec.of(BehaviourEvent.class),
            Topic.RECOMMENDATION_REQUESTS, RecordCodec.of(RecommendationRequest.class),
            Topic.CATALOG_UPDATES, RecordCodec.of(CatalogItem.class),
            Topic.CAMPAIGNS, RecordCodec.of(Campaign.class));
    private final Path folder;
    private final ShopGenerator shop;
    private final List<FeedRecord> feed;
    private int written;

    ShopFile(Path folder, ShopGenerator shop) {
        this.folder = folder;
        this.shop = shop;
        try (Stream<FeedRecord> records = shop.feed()) {
            feed = records.collect(Collectors.toList());
        }
    }

    /** Writes the next part of it, one of so many, each with the whole catalog before it. */
    Path next(int parts) {
        int end = Math.min(feed.size(), written + feed.size() / parts + 1);
        Path file = folder.resolve("shop-" + written + ".jsonl");
        try (Writer writer = Files.newBufferedWriter(file);
                Stream<CatalogItem> catalog = shop.catalog()) {
            for (CatalogItem item : (Iterable<CatalogItem>) catalog::iterator) {
                writer.write(item + "\n");
            }
            for (FeedRecord record : feed.subList(written, end)) {
                Optional<SpecificRecord> content = content(record);
                if (content.isPresent()) {
                    writer.write(content.get() + "\n");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        written = end;
        return file;
    }

    /** Empty for what no such file can hold: removals, and the records that the shop spoils. */
    private Optional<SpecificRecord> content(FeedRecord record) {
        try {
            return record.value() == null
                    ? Optional.empty()
                    : Optional.of(codecs.get(record.topic()).decode(record.value(), null));
        } catch (UndecodableRecordException e) {
            return Optional.empty();
        }
    }
}
