package dev.rebound.deploy.lab.demo;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Shows what some users would see now, in the words of the catalog. */
final class Showcase {
    private static final int ITEMS = 4;

    private final KafkaCluster kafka;
    private final String prefix;
    private final Map<String, CatalogItem> catalog = new HashMap<>();
    private final Map<String, Recommendation> newestByUser = new LinkedHashMap<>();

    Showcase(KafkaCluster kafka, String prefix) {
        this.kafka = kafka;
        this.prefix = prefix;
    }

    /** Tells the newest recommendations of some users. */
    void tell(int users, Consumer<String> line) {
        read();
        List<Recommendation> newest = new ArrayList<>(newestByUser.values());
        // The last of the map are the users that came last.
        for (Recommendation recommendation : newest.subList(Math.max(0, newest.size() - users), newest.size())) {
            line.accept(recommendation.getUserId() + " (" + recommendation.getScenario() + ", "
                    + recommendation.getModelVersion() + ") gets");
            recommendation.getItems().stream().limit(ITEMS).forEach(item -> line.accept("    " + describe(item)));
        }
    }

    private void read() {
        String recommendations = Topic.RECOMMENDATIONS.topicName(prefix);
        String items = Topic.CATALOG_UPDATES.topicName(prefix);
        RecordCodec<Recommendation> recommendationCodec = RecordCodec.of(Recommendation.class);
        RecordCodec<CatalogItem> itemCodec = RecordCodec.of(CatalogItem.class);
        try (TopicReader reader = new TopicReader(kafka, List.of(items, recommendations))) {
            reader.readToEnd(record -> {
                try {
                    if (record.topic().equals(recommendations) && record.value() == null) {
                        newestByUser.remove(new String(record.key(), StandardCharsets.UTF_8));
                    } else if (record.topic().equals(recommendations)) {
                        Recommendation recommendation = recommendationCodec.decode(record.value(), null);
                        newestByUser.remove(recommendation.getUserId());
                        newestByUser.put(recommendation.getUserId(), recommendation);
                    } else if (record.value() != null) {
                        CatalogItem item = itemCodec.decode(record.value(), null);
                        catalog.put(item.getItemId(), item);
                    }
                } catch (UndecodableRecordException e) {
                    throw new CommandFailedException(record.topic() + ": " + e.getMessage(), e);
                }
            });
        }
    }

    private String describe(RecommendedItem item) {
        String reasons = item.getReasons().isEmpty()
                ? ""
                : "  <- "
                        + String.join(
                                ", ",
                                item.getReasons().stream().map(this::explain).toList());
        return String.format("%-42s %.3f%s", title(item.getItemId()), item.getScore(), reasons);
    }

    /** Puts the title in the place of an item id. */
    private String explain(String reason) {
        int colon = reason.indexOf(':');
        return colon < 0 ? reason : reason.substring(0, colon + 1) + " " + title(reason.substring(colon + 1));
    }

    private String title(String itemId) {
        CatalogItem item = catalog.get(itemId);
        return item == null || item.getTitle().isEmpty() ? itemId : item.getTitle();
    }
}
