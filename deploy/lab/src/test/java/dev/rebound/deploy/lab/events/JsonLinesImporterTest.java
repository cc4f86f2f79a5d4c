package dev.rebound.deploy.lab.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesImporterTest {
    @TempDir
    Path folder;

    @Test
    void plainJsonFillsTheRecordAndItsDefaults() throws Exception {
        EventSource source = of(
                "{\"itemId\":\"i1\",\"title\":\"Lamp\",\"categoryPath\":[\"home\",\"lamps\"],\"brand\":null,"
                        + "\"priceMinor\":1999,\"contentEmbedding\":[0.5,1],\"updatedAt\":1700000000000}",
                "{\"eventId\":\"e1\",\"userId\":\"u1\",\"type\":\"VIEW\",\"itemId\":\"i1\","
                        + "\"eventTime\":1700000000000,\"attributes\":{\"page\":\"home\"}}");

        CatalogItem item = source.catalog().findFirst().orElseThrow();
        assertThat(item.getCategoryPath()).containsExactly("home", "lamps");
        assertThat(item.getPriceMinor()).isEqualTo(1999);
        assertThat(item.getContentEmbedding()).containsExactly(0.5f, 1f);
        assertThat(item.getAvailable()).isTrue();

        BehaviourEvent event = RecordCodec.of(BehaviourEvent.class)
                .decode(source.feed().findFirst().orElseThrow().value(), null);
        assertThat(event.getType()).isEqualTo(EventType.VIEW);
        assertThat(event.getQuery()).isNull();
        assertThat(event.getAttributes()).containsEntry("page", "home");
    }

    @Test
    void itemsBeforeTheFirstEventAreTheCatalogAndLaterOnesChangeIt() throws Exception {
        EventSource source = of(item("i1"), item("i2"), event("e1"), item("i3"), event("e2"));

        assertThat(source.catalog()).extracting(CatalogItem::getItemId).containsExactly("i1", "i2");
        assertThat(source.feed())
                .extracting(FeedRecord::topic)
                .containsExactly(Topic.BEHAVIOUR_EVENTS, Topic.CATALOG_UPDATES, Topic.BEHAVIOUR_EVENTS);
        assertThat(source.eventCount()).isEqualTo(2);
    }

    @Test
    void whereThereIsNoItemThoseThatEventsNameAreTheCatalog() throws Exception {
        EventSource source = of(event("e1"), event("e2"));

        assertThat(source.catalog()).singleElement().satisfies(item -> {
            assertThat(item.getItemId()).isEqualTo("i1");
            assertThat(item.getAvailable()).isTrue();
        });
    }

    @Test
    void badLinesAreNamedAndTheOthersRead() throws Exception {
        EventSource source = of(
                "no json",
                "{\"eventId\":\"e1\",\"userId\":\"u1\",\"type\":\"STARE\",\"eventTime\":1}",
                "{\"eventId\":\"e1\",\"userId\":\"u1\",\"type\":\"VIEW\"}",
                "{\"eventId\":\"e1\",\"usrId\":\"u1\",\"type\":\"VIEW\",\"eventTime\":1}",
                "{\"eventId\":\"e1\",\"userId\":\"u1\",\"type\":\"VIEW\",\"eventTime\":\"noon\"}",
                "{\"something\":\"else\"}",
                "",
                event("e2"));

        assertThat(source.eventCount()).isEqualTo(1);
        assertThat(source.rejected()).extracting(RejectedRow::line).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(source.rejected().get(1).why()).contains("'type'").contains("PURCHASE");
        assertThat(source.rejected().get(2).why()).contains("'eventTime' is missing");
        assertThat(source.rejected().get(3).why()).contains("no field 'usrId'");
    }

    private EventSource of(String... lines) throws Exception {
        return new JsonLinesImporter(Files.write(folder.resolve("data.jsonl"), List.of(lines)));
    }

    private static String item(String id) {
        return "{\"itemId\":\"" + id + "\",\"updatedAt\":1700000000000}";
    }

    private static String event(String id) {
        return "{\"eventId\":\"" + id
                + "\",\"userId\":\"u1\",\"type\":\"VIEW\",\"itemId\":\"i1\",\"eventTime\":1700000000000}";
    }
}
