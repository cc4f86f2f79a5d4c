package dev.rebound.deploy.lab.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the catalog said of each item when, by the times of its records on the broker. */
final class CatalogTimeline {
    /** How long a change may take to reach the recommendations of a job that is not behind. */
    static final Duration TOLERANCE = Duration.ofSeconds(60);

    /**
     * An item from some time on.
     *
     * @param category the leaf of its path
     * @param priceMinor 0 where unknown
     */
    record Version(
            boolean available,
            @Nullable String category,
            @Nullable String brand,
            long priceMinor) {
        static final Version REMOVED = new Version(false, null, null, 0);
    }

    /**
     * The broker times in which something may have been done: a job that is behind has seen an older catalog.
     *
     * @param isPrompt whether the job was not behind: one that catches up after a start may know users before it knows items
     */
    record Span(long fromMillis, long toMillis, boolean isPrompt) {
        /**
         * When the catalog was that a record was made by.
         *
         * @param causedMillis broker time of what caused it
         * @param knownMillis up to when a job surely knew the catalog, see {@link Standstills}
         * @param producedMillis when the job made it
         */
        static Span of(long causedMillis, long knownMillis, long producedMillis) {
            long oldest = Math.min(causedMillis, Math.min(knownMillis, producedMillis));
            return new Span(
                    oldest - TOLERANCE.toMillis(), producedMillis, producedMillis - oldest <= TOLERANCE.toMillis());
        }
    }

    private static final class History {
        private long[] fromMillis = new long[1];
        private Version[] versions = new Version[1];
        private int size;
        private long updatedMillis = Long.MIN_VALUE;

        private void add(long brokerMillis, Version version) {
            if (size == versions.length) {
                fromMillis = Arrays.copyOf(fromMillis, size * 2);
                versions = Arrays.copyOf(versions, size * 2);
            }
            // A producer's clock may go back, the order of the partition does not.
            fromMillis[size] = size == 0 ? brokerMillis : Math.max(brokerMillis, fromMillis[size - 1]);
            versions[size++] = version;
        }

        /** Index of the version that held at that time; -1 before the first. */
        private int at(long millis) {
            int at = size - 1;
            while (at >= 0 && fromMillis[at] > millis) {
                at--;
            }
            return at;
        }
    }

    private final Map<String, History> items = new HashMap<>();
    private final Set<String> compacted = new HashSet<>();
    private long completeFromMillis = Long.MIN_VALUE;

    /**
     * Notes a record of an item.
     *
     * @param updatedMillis when the shop changed it: an older description replaces no newer one
     */
    void change(String itemId, long brokerMillis, long updatedMillis, Version version) {
        History history = items.computeIfAbsent(itemId, id -> new History());
        if (updatedMillis >= history.updatedMillis) {
            history.updatedMillis = updatedMillis;
            history.add(brokerMillis, version);
        }
    }

    /** Notes a removal. It has no time of the shop's: the order of the topic says what is before and after it. */
    void remove(String itemId, long brokerMillis) {
        History history = items.computeIfAbsent(itemId, id -> new History());
        history.updatedMillis = Long.MIN_VALUE;
        history.add(brokerMillis, Version.REMOVED);
    }

    /** Notes that records are missing before one of that time, which compaction has taken away. */
    void missingBefore(long brokerMillis, String partition) {
        completeFromMillis = Math.max(completeFromMillis, brokerMillis);
        compacted.add(partition);
    }

    /** Adds a line if records are missing. */
    void into(List<String> unchecked) {
        if (!compacted.isEmpty()) {
            unchecked.add(String.join(", ", compacted.stream().sorted().toList()) + " has been compacted up to "
                    + Instant.ofEpochMilli(completeFromMillis)
                    + ": what the catalog said before can't be checked");
        }
    }

    private boolean isKnown(Span span) {
        return span.fromMillis() >= completeFromMillis;
    }

    /** Whether an item may stand in a list. */
    boolean mayBeShown(String itemId, Span span, Exclusions exclusions) {
        if (!isKnown(span)) {
            return !exclusions.items().contains(itemId);
        }
        History history = items.get(itemId);
        if (history == null) {
            return false;
        }
        int last = history.at(span.toMillis());
        for (int n = Math.max(0, history.at(span.fromMillis())); n <= last; n++) {
            Version version = history.versions[n];
            if (version.available() && exclusions.allow(itemId, version)) {
                return true;
            }
        }
        return false;
    }

    /** What the catalog said of an item all the time. */
    record Sure(@Nullable Version version) {}

    /** What it said of an item if that was one thing all the time, even if that it is none; empty if it changed. */
    Optional<Sure> surely(String itemId, Span span) {
        if (!isKnown(span)) {
            return Optional.empty();
        }
        History history = items.get(itemId);
        if (history == null) {
            return Optional.of(new Sure(null));
        }
        int first = history.at(span.fromMillis());
        int last = history.at(span.toMillis());
        Version version = last < 0 ? null : history.versions[last];
        for (int n = first; n <= last; n++) {
            if ((n < 0 && last >= 0) || (n >= 0 && !history.versions[n].equals(version))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Sure(version));
    }

    /** Whether an item was on offer all the time. */
    boolean isSurelyOffered(String itemId, Span span) {
        return surely(itemId, span)
                .map(Sure::version)
                .filter(Version::available)
                .isPresent();
    }

    /** Whether more than so many items, beside one, were on offer all the time. */
    boolean offersMoreThan(int count, @Nullable String beside, Span span) {
        return items.keySet().stream()
                        .filter(itemId -> !itemId.equals(beside) && isSurelyOffered(itemId, span))
                        .limit(count + 1L)
                        .count()
                > count;
    }
}
