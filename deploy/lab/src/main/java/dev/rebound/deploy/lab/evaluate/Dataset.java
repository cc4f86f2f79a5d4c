package dev.rebound.deploy.lab.evaluate;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.rebound.deploy.lab.events.EventFormat;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.site.CommandFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Published data sets, with the protocol that others have used on them. */
public enum Dataset {
    RANKLENS(EventFormat.METARANK, Protocol.RERANK, "ranklens_events.jsonl.gz", null),
    RETAILROCKET(
            EventFormat.RETAILROCKET,
            Protocol.NEXT_ITEM,
            "retailrocket_train_sessions.csv.gz",
            "retailrocket_test_prefixes.csv.gz"),
    TAOBAO(EventFormat.TAOBAO, Protocol.TEST_THEN_TRAIN, "taobao_userbehavior.csv.gz", null),
    ONLINE_RETAIL(EventFormat.ONLINE_RETAIL, Protocol.TEST_THEN_TRAIN, "online_retail.csv.gz", null),
    COMPLETE_JOURNEY(EventFormat.COMPLETE_JOURNEY, Protocol.CAMPAIGNS, "completejourney_campaigns.csv.gz", null);

    private final EventFormat format;
    private final Protocol protocol;
    private final String eventsFile;
    private final @Nullable String testFile;

    Dataset(EventFormat format, Protocol protocol, String eventsFile, @Nullable String testFile) {
        this.format = format;
        this.protocol = protocol;
        this.eventsFile = eventsFile;
        this.testFile = testFile;
    }

    public Protocol protocol() {
        return protocol;
    }

    /** Whether of each user in the test file only the last event is predicted: it holds a prefix and what came next. */
    public boolean predictsLastOnly() {
        return this == RETAILROCKET;
    }

    public EventSource events(Path folder) {
        return open(folder, eventsFile);
    }

    public Optional<EventSource> test(Path folder) {
        return Optional.ofNullable(testFile).map(file -> open(folder, file));
    }

    private EventSource open(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isReadable(file)) {
            throw new CommandFailedException(
                    "There is no readable file " + file.toAbsolutePath() + "; say with --data where the data sets lie");
        }
        return format.open(file);
    }

    /** As on the command line. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
