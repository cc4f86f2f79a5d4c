package dev.rebound.deploy.lab.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaobaoImporterTest {
    @TempDir
    Path folder;

    @Test
    void rowsBecomeEventsInTheOrderOfTimeWithTheirLineAsId() throws Exception {
        EventSource importer = of(
                "u1,i1,c1,pv,1511658100,a",
                "u2,i2,c2,fav,1511658000,a",
                "u1,i2,c2,cart,1511658200,a",
                "u1,i2,c2,buy,1511658300,a");

        List<BehaviourEvent> events = events(importer);

        assertThat(events).extracting(BehaviourEvent::getEventId).containsExactly("t-3", "t-2", "t-4", "t-5");
        assertThat(events)
                .extracting(BehaviourEvent::getType)
                .containsExactly(EventType.FAVOURITE, EventType.VIEW, EventType.CART, EventType.PURCHASE);
        assertThat(events.get(0).getEventTime()).isEqualTo(1_511_658_000_000L);
        assertThat(importer.eventCount()).isEqualTo(4);
    }

    @Test
    void theCatalogIsWhatTheRowsMention() throws Exception {
        EventSource importer = of("u1,i1,c1,pv,1511658100,a", "u2,i1,c1,pv,1511658000,a", "u2,i2,c2,pv,1511658000,a");

        assertThat(importer.catalog()).extracting(CatalogItem::getItemId).containsExactlyInAnyOrder("i1", "i2");
        assertThat(importer.catalog())
                .extracting(CatalogItem::getCategoryPath)
                .containsExactlyInAnyOrder(List.of("cc1"), List.of("cc2"));
    }

    @Test
    void badRowsAreNamedAndTheOthersRead() throws Exception {
        EventSource importer = of(
                "u1,i1,c1,stare,1511658100,a",
                "u1,i1,c1,pv,yesterday,a",
                ",i1,c1,pv,1511658100,a",
                "u1,i1,c1,pv,1511658100,a");

        assertThat(events(importer)).hasSize(1);
        assertThat(importer.rejected()).extracting(RejectedRow::line).containsExactly(2L, 3L, 4L);
        assertThat(importer.rejected().get(0).toString()).startsWith("rows.csv.gz:2: behavior is 'stare'");
    }

    @Test
    void aRequestFollowsEachFiftyEvents() throws Exception {
        String[] rows = new String[120];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = "u" + i % 7 + ",i" + i % 11 + ",c1,pv," + (1511658000 + i) + ",a";
        }

        assertThat(of(rows).feed().filter(record -> record.topic() == Topic.RECOMMENDATION_REQUESTS))
                .hasSize(2);
    }

    private EventSource of(String... rows) throws Exception {
        Path file = folder.resolve("rows.csv.gz");
        try (Writer out =
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
            out.write("user_id,item_id,category_id,behavior,timestamp,sample\n");
            out.write(String.join("\n", rows));
        }
        return TaobaoImporter.open(file);
    }

    private static List<BehaviourEvent> events(EventSource source) throws Exception {
        RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);
        List<byte[]> values = source.feed()
                .filter(record -> record.topic() == Topic.BEHAVIOUR_EVENTS)
                .map(FeedRecord::value)
                .toList();
        List<BehaviourEvent> events = new java.util.ArrayList<>();
        for (byte[] value : values) {
            events.add(codec.decode(value, null));
        }
        return events;
    }
}
