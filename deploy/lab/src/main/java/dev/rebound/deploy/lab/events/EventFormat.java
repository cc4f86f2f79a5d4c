package dev.rebound.deploy.lab.events;

import java.nio.file.Path;
import java.util.function.Function;

/** The file formats that can be read. */
public enum EventFormat {
    /** The neutral one. */
    JSONL(JsonLinesImporter::new),
    METARANK(MetarankImporter::open),
    TAOBAO(TaobaoImporter::open),
    RETAILROCKET(RetailRocketImporter::open),
    ONLINE_RETAIL(OnlineRetailImporter::open),
    /** Any of its files, or their folder. */
    COMPLETE_JOURNEY(CompleteJourneyImporter::open);

    private final Function<Path, EventSource> importer;

    EventFormat(Function<Path, EventSource> importer) {
        this.importer = importer;
    }

    /** The contents of a file; it is read when they are asked for. */
    public EventSource open(Path file) {
        return importer.apply(file);
    }
}
