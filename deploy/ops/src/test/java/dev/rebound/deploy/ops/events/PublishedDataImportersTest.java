package dev.rebound.deploy.ops.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.ops.console.Meter;
import dev.rebound.operators.features.ItemKey;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.ingest.SignalListener;
import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedDataImportersTest {
    @TempDir
    Path folder;

    private EventSource open(EventFormat format, String... lines) throws Exception {
        return format.open(Files.writeString(folder.resolve("data"), String.join("\n", lines)));
    }

    /** What the job's sources would give. */
    private static final class Signals implements SignalListener {
        private final List<UserSignal> events = new ArrayList<>();
        private final List<UserSignal> requests = new ArrayList<>();

        @Override
        public void catalog(ItemSignal item) {}

        @Override
        public void event(UserSignal event) {
            events.add(event.copy());
        }

        @Override
        public void request(UserSignal request) {
            requests.add(request.copy());
        }
    }

    private static DecodedFeed feed(EventSource source) {
        return new DecodedFeed(source, new Meter(message -> {}, "test", 1));
    }

    private static Signals signals(EventSource source) {
        Signals signals = new Signals();
        try (DecodedFeed feed = feed(source)) {
            feed.read(FirstPart.ALL, signals);
        }
        return signals;
    }

    private static List<UserSignal> events(EventSource source) {
        return signals(source).events;
    }

    private static List<UserSignal> requests(EventSource source) {
        return signals(source).requests;
    }

    @Test
    void theSecondPartBeginsWhereTheFirstEnds() throws Exception {
        EventSource source = open(EventFormat.RETAILROCKET, "session_idx,position,item_id", "0,0,1", "0,1,2", "0,2,3");
        long second = events(source).get(1).timeMillis;
        for (FirstPart part : List.of(FirstPart.of(1), FirstPart.before(Instant.ofEpochMilli(second)))) {
            Signals first = new Signals();
            Signals rest = new Signals();
            try (DecodedFeed feed = feed(source)) {
                feed.read(part, first);
                feed.read(FirstPart.ALL, rest);
            }

            assertThat(first.events).extracting(event -> event.itemKey).containsExactly(ItemKey.of("1"));
            assertThat(rest.events)
                    .extracting(event -> event.itemKey)
                    .containsExactly(ItemKey.of("2"), ItemKey.of("3"));
        }
    }

    @Test
    void aRetailRocketSessionIsAUser() throws Exception {
        EventSource source =
                open(EventFormat.RETAILROCKET, "session_idx,position,item_id", "0,0,1", "0,1,2", "1,0,2", "1,oops,2");

        assertThat(events(source)).extracting(event -> event.userId).containsExactly("s0", "s0", "s1");
        assertThat(events(source)).extracting(event -> event.timeMillis).isSorted();
        assertThat(source.catalog()).extracting(CatalogItem::getItemId).containsExactly("1", "2");
        assertThat(source.rejected())
                .singleElement()
                .hasToString("data:5: position is 'oops', wanted is a whole number");
    }

    @Test
    void aRetailRocketPrefixEndsWithWhatCameNext() throws Exception {
        EventSource source = open(EventFormat.RETAILROCKET, "prefix_items,target_item", "7 8,9", "7,7");

        assertThat(events(source))
                .extracting(event -> event.itemKey)
                .containsExactly(ItemKey.of("7"), ItemKey.of("8"), ItemKey.of("9"), ItemKey.of("7"), ItemKey.of("7"));
        assertThat(events(source)).extracting(event -> event.userId).containsExactly("p2", "p2", "p2", "p3", "p3");
    }

    @Test
    void onlyOrdersOfProductsAreReadFromOnlineRetail() throws Exception {
        String head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
        EventSource source = open(
                EventFormat.ONLINE_RETAIL,
                head,
                "2,85123A,LAMP,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
                "1,71053,MUG,6,2010-12-01 08:00:00,3.39,,United Kingdom",
                "C3,71053,MUG,-6,2010-12-01 09:00:00,3.39,17850,United Kingdom",
                "4,POST,POSTAGE,1,2010-12-01 09:00:00,18,17850,France",
                "5,71053,MUG,1,yesterday,3.39,17850,France",
                "6,71053,MUG,1,2010-12-01 09:00:00,0,17850,France",
                "7,71053,MUG,-1,2010-12-01 09:00:00,0,17850,France");

        assertThat(events(source)).extracting(event -> event.userId).containsExactly("guest-1", "17850");
        assertThat(events(source)).allMatch(event -> event.type == EventType.PURCHASE.ordinal());
        assertThat(source.catalog())
                .filteredOn(item -> item.getItemId().equals("85123A"))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.getTitle()).isEqualTo("LAMP");
                    assertThat(item.getPriceMinor()).isEqualTo(255);
                });
        assertThat(source.rejected()).extracting(RejectedRow::line).containsExactly(4L, 5L, 6L, 7L, 8L);
        assertThat(source.rejected())
                .extracting(RejectedRow::reason)
                .contains("InvoiceNo ... is a cancellation", "UnitPrice ... is no sale");
    }

    @Test
    void aMetarankRankingIsARequestAndImpressionsAndItsInteractionAClick() throws Exception {
        EventSource source = open(EventFormat.METARANK, """
                {"event":"item","id":"x","item":"a","timestamp":"1000000000000","fields":[{"name":"title","value":"Lamp"},\
                {"name":"genres","value":["red","new"]},{"name":"price","value":12.5}]}""", """
                {"event":"ranking","id":"r","user":"u","session":"s","timestamp":"1000000001000","fields":[],\
                "items":[{"id":"a"},{"id":"b"}]}""", """
                {"event":"interaction","id":"i","ranking":"r","user":"u","session":"s","type":"click","item":"b",\
                "timestamp":"1000000002000","fields":[]}""", "{\"event\":\"guess\"}", "no json");

        assertThat(requests(source)).singleElement().satisfies(request -> {
            assertThat(request.id).isEqualTo("r");
            assertThat(request.candidates).containsExactly(ItemKey.of("a"), ItemKey.of("b"));
        });
        assertThat(events(source))
                .extracting(event -> event.type)
                .containsExactly(
                        EventType.IMPRESSION.ordinal(), EventType.IMPRESSION.ordinal(), EventType.CLICK.ordinal());
        assertThat(source.catalog()).singleElement().satisfies(item -> {
            assertThat(item.getTitle()).isEqualTo("Lamp");
            assertThat(item.getAttributes()).containsEntry("genres", "red; new");
            assertThat(item.getPriceMinor()).isEqualTo(1250);
        });
        assertThat(source.rejected()).extracting(RejectedRow::line).containsExactly(4L, 5L);
    }
}
