package dev.rebound.deploy.lab.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether a model scores at all: lists of fallbacks alone are the loudest thing after lost data. */
final class FallbackCheck {
    /** By overload they are made on purpose, and it ends by itself. */
    private static final String WITHOUT_MODEL = "fallback:retrieval-order";

    /** Before the first list by a fallback, a refusal may have been told. */
    private static final Duration AROUND = Duration.ofMinutes(1);

    private final ObservedOutput actual;
    private final Map<String, Long> byReason = new TreeMap<>();
    private long lists;
    private long scoredMillis = Long.MIN_VALUE;
    private long fallbacks;
    private long sinceMillis = Long.MAX_VALUE;
    private long untilMillis = Long.MIN_VALUE;

    FallbackCheck(ObservedOutput actual) {
        this.actual = actual;
    }

    /** Lists that no model scored. */
    long fallbacks() {
        return fallbacks;
    }

    void run(List<String> findings) {
        forEachList(this::count);
        fallbacks = byReason.values().stream().mapToLong(Long::longValue).sum();
        if (lists > 0 && fallbacks == lists) {
            findings.add("EVERY list is made by a fallback, " + byReason + ", since " + since() + told());
        } else if (isWithoutModelSinceLong()) {
            findings.add("every list is made by a fallback, " + WITHOUT_MODEL + ", since " + since() + told());
        }
    }

    private interface Reader {
        void read(WrittenList list);
    }

    private void forEachList(Reader reader) {
        for (WrittenUser user : actual.users()) {
            user.byRequest.values().forEach(list -> readAll(list, reader));
            user.byEvent.values().forEach(list -> readAll(list, reader));
            // Answers come before the commit of their recommendations.
            user.responses.forEach((request, list) -> {
                if (!user.byRequest.containsKey(request)) {
                    readAll(list, reader);
                }
            });
        }
    }

    private static void readAll(WrittenList first, Reader reader) {
        for (WrittenList list = first; list != null; list = list.next) {
            if (list.ranksItems()) {
                reader.read(list);
            }
        }
    }

    private void count(WrittenList list) {
        lists++;
        if (list.isFallback()) {
            byReason.merge(list.modelVersion, 1L, Long::sum);
            sinceMillis = Math.min(sinceMillis, list.producedMillis);
        } else {
            scoredMillis = Math.max(scoredMillis, list.producedMillis);
        }
    }

    private boolean isWithoutModelSinceLong() {
        if (!byReason.containsKey(WITHOUT_MODEL)) {
            return false;
        }
        sinceMillis = Long.MAX_VALUE;
        forEachList(list -> {
            if (list.producedMillis > scoredMillis && list.modelVersion.equals(WITHOUT_MODEL)) {
                sinceMillis = Math.min(sinceMillis, list.producedMillis);
                untilMillis = Math.max(untilMillis, list.producedMillis);
            }
        });
        return untilMillis - CatalogTimeline.TOLERANCE.toMillis() > sinceMillis;
    }

    private Instant since() {
        return Instant.ofEpochMilli(sinceMillis);
    }

    /** The job says itself why a version does not score. */
    private String told() {
        String alerts = actual.modelAlerts().entrySet().stream()
                .filter(alert -> alert.getValue().getRaisedAt() > sinceMillis - AROUND.toMillis())
                .map(alert -> " " + alert.getKey() + ": " + alert.getValue().getMessage())
                .collect(Collectors.joining());
        return ": no model scores. "
                + (alerts.isEmpty()
                        ? "The topic alerts does not say why: see `rebound model list`"
                        : "The topic alerts says why:" + alerts);
    }
}
