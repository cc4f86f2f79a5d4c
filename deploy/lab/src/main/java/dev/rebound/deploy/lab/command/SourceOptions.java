package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.RejectedRow;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.terminal.CommandOutput;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say whose data is used: a file's, or that of a made-up shop. */
public final class SourceOptions {
    private static final int NAMED_REASONS = 8;

    @Option(
            names = "--events",
            paramLabel = "FILE",
            description = "Events and catalog from a file, instead of a made-up shop.")
    private @Nullable Path file;

    @Mixin
    private FormatOption format;

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
        return file == null ? ShopGenerator.of(seed, eventsCount) : format.open(file);
    }

    public long seed() {
        return seed;
    }

    /** Says how many rows could not be used, and the commonest reasons with the first row of each. */
    public static void tellRejected(EventSource source, CommandOutput output) {
        List<RejectedRow> rejected = source.rejected();
        if (rejected.isEmpty()) {
            return;
        }
        output.progress(rejected.size() + " rows could not be used:");
        rejected.stream().collect(Collectors.groupingBy(RejectedRow::reason)).entrySet().stream()
                .sorted(Comparator.comparing(reason -> -reason.getValue().size()))
                .limit(NAMED_REASONS)
                .forEach(reason -> output.progress("  " + reason.getValue().size() + ": " + reason.getKey()
                        + "; the first: " + reason.getValue().get(0)));
    }
}
