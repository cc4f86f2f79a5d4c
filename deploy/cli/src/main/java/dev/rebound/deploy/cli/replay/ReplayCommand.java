package dev.rebound.deploy.cli.replay;

import dev.rebound.deploy.lab.command.FormatOption;
import dev.rebound.deploy.lab.command.SourceOptions;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.replay.SentCounts;
import dev.rebound.deploy.site.Ticker;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.schemas.CatalogItem;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Sends a file's catalog, then its events and requests, to Kafka.")
public final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The data.")
    private Path file;

    @Mixin
    private FormatOption format;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Records per second; 0 for as fast as possible (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    /** @param rejectedRows rows of the file that could not be used */
    private record Result(
            long catalogItems,
            long eventsSent,
            long requestsSent,
            long rejectedRows,
            double seconds,
            double eventsPerSecond) {}

    @Override
    public Integer call() {
        EventSource source = format.open(file);
        long events = source.eventCount();
        SourceOptions.tellRejected(source, output);
        cluster.ensureTopics();
        try (FeedSender sender = new FeedSender(cluster.kafka(), cluster.topicPrefix());
                Stream<CatalogItem> catalog = source.catalog();
                Stream<FeedRecord> feed = source.feed()) {
            Ticker ticker = new Ticker(output);
            SentCounts items = sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
            output.progress("catalog: " + items.catalogChanges() + " items");
            SentCounts sent = sender.send(
                    feed.iterator(),
                    rate,
                    n -> ticker.tick(() -> "sent " + n + " records; the file holds " + events + " events"));
            Result result = new Result(
                    items.catalogChanges() + sent.catalogChanges(),
                    sent.events(),
                    sent.requests(),
                    source.rejected().size(),
                    sent.took().toMillis() / 1000.0,
                    sent.eventsPerSecond());
            output.result(
                    result,
                    out -> out.printf(
                            "Sent %,d events and %,d requests in %.1f s (%,.0f events/s); %d rows were not usable.%n",
                            result.eventsSent(),
                            result.requestsSent(),
                            result.seconds(),
                            result.eventsPerSecond(),
                            result.rejectedRows()));
        }
        return 0;
    }
}
