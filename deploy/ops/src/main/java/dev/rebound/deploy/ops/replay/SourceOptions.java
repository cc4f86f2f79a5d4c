package dev.rebound.deploy.ops.replay;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.events.EventFormat;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.events.RejectedRow;
import dev.rebound.deploy.ops.shop.ShopGenerator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say whose data is used: a file's, or that of a made-up shop. */
public final class SourceOptions {
    private static final int NAMED_ROWS = 5;

    @Option(
            names = "--events",
            paramLabel = "FILE",
            description = "Events and catalog from a file, instead of a made-up shop.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            defaultValue = "jsonl",
            description = "Format of the file: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). A name that ends"
                    + " in .gz is unpacked.")
    private EventFormat format;

    @Option(
            names = "--events-count",
            paramLabel = "N",
            description = "How many events the made-up shop sends (default: ${DEFAULT-VALUE}).")
    private long eventsCount;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Another seed makes another shop (default: ${DEFAULT-VALUE}).")
    private long seed;

    public SourceOptions() {
        this(200_000);
    }

    /** @param eventsCount of the made-up shop, where the user does not say */
    public SourceOptions(long eventsCount) {
        this.eventsCount = eventsCount;
    }

    /** The made-up shop, unless a file is given. */
    public Optional<ShopGenerator> shop() {
        return file == null ? Optional.of(ShopGenerator.of(seed, eventsCount)) : Optional.empty();
    }

    /** What was chosen. */
    public EventSource open() {
        return file == null ? ShopGenerator.of(seed, eventsCount) : open(file, format);
    }

    public long seed() {
        return seed;
    }

    /** The contents of a file that exists. */
    public static EventSource open(Path file, EventFormat format) {
        if (!Files.isReadable(file)) {
            throw new CommandFailedException("There is no readable file " + file.toAbsolutePath() + "; check the path");
        }
        return format.open(file);
    }

    /** Names the first rows that could not be used. */
    public static void tellRejected(EventSource source, CommandOutput output) {
        List<RejectedRow> rejected = source.rejected();
        if (!rejected.isEmpty()) {
            output.progress(rejected.size() + " rows could not be used:");
            rejected.stream().limit(NAMED_ROWS).forEach(row -> output.progress("  " + row));
        }
    }
}
