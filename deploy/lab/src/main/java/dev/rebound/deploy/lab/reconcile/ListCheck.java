package dev.rebound.deploy.lab.reconcile;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether each cause has its recommendation, once and with one id, and each recommendation its cause. */
final class ListCheck {
    private final Expectation expected;
    private final ObservedOutput actual;
    private final ListContent content;
    private final Tally missing = new Tally("recommendations are missing");
    private final Tally withoutCause = new Tally("recommendations have no cause");
    private final Tally manyIds = new Tally("recommendations are second ones for the same cause, with another id");
    private final Tally again = new Tally("recommendations came again");
    private final Tally afterErasure =
            new Tally("recommendations came after the tombstone of their user, of what was before it");

    ListCheck(Expectation expected, ObservedOutput actual, ListContent content) {
        this.expected = expected;
        this.actual = actual;
        this.content = content;
    }

    void run(List<String> findings) {
        for (KnownUser user : expected.users()) {
            WrittenUser written = actual.find(user.name).orElse(null);
            findMissing(user.byRequest, written == null ? Map.of() : written.byRequest);
            if (expected.isWhole(user)) {
                findMissing(user.byEvent, written == null ? Map.of() : written.byEvent);
            }
        }
        for (WrittenUser user : actual.users()) {
            KnownUser known = expected.find(user.name).orElse(null);
            user.byRequest.forEach((id, list) -> check(list, known == null ? null : known.byRequest.get(id), user, id));
            user.byEvent.forEach((id, list) -> check(list, known == null ? null : known.byEvent.get(id), user, id));
        }
        actual.sharedIds().forEach(id -> again.add(() -> id + ", which is that of another cause too"));
        withoutCause.into(findings);
        manyIds.into(findings);
        again.into(findings);
        afterErasure.into(findings);
    }

    private void findMissing(Map<String, ExpectedList> causes, Map<String, WrittenList> written) {
        long goneUntil = actual.goneRecommendations().untilMillis();
        causes.forEach((id, cause) -> {
            if (cause.times > 0 && cause.causedMillis > goneUntil && !written.containsKey(id)) {
                missing.add(() -> "that for " + cause);
            }
        });
    }

    private void check(WrittenList first, @Nullable ExpectedList cause, WrittenUser user, String id) {
        boolean ofRequest = user.byRequest.get(id) == first;
        boolean hasCause = cause != null && cause.times > 0;
        if (!hasCause && mustHaveCause(user, ofRequest)) {
            withoutCause.add(
                    () -> "that for " + (ofRequest ? "request " : "event ") + id + " of " + Masked.user(user.name));
        }
        countRepeats(first, hasCause ? cause.times : 0);
        if (!hasCause) {
            return;
        }
        boolean isOrdered = expected.isWhole(cause.user) && !cause.user.hasMoved();
        for (WrittenList list = first; list != null; list = list.next) {
            content.check(list, cause, isOrdered);
            checkErasure(list, cause, isOrdered);
        }
    }

    private boolean mustHaveCause(WrittenUser user, boolean ofRequest) {
        return ofRequest ? expected.goneRequests().isEmpty() : expected.isWhole(user.name);
    }

    /** A cause of two recommendations, of which one came before an erasure, has two in each replay as well. */
    private void countRepeats(WrittenList first, int times) {
        for (WrittenList list = first; list != null; list = list.next) {
            WrittenList each = list;
            if (first.find(list.recommendationId) != list) {
                // The same one with other content, which is counted with the first.
                continue;
            }
            if (list != first) {
                manyIds.add(() -> each.recommendationId + " beside " + first.recommendationId);
            }
            long mayRepeat = Math.max(0L, times - 1L) * (1 + list.replays);
            for (long n = mayRepeat; n < list.repeats; n++) {
                again.add(() -> each.recommendationId);
            }
        }
    }

    /** Requests are in another topic than erasures, so that nobody knows which of the two was first. */
    private void checkErasure(WrittenList list, ExpectedList cause, boolean isOrdered) {
        if (isOrdered && !cause.ofRequest && !actual.hasReplays() && list.tombstonesBefore > cause.erasuresBefore) {
            afterErasure.add(() -> list.recommendationId + " for " + cause);
        }
    }

    /** Adds a finding if recommendations were never written. */
    void lostInto(List<String> findings) {
        missing.into(findings);
    }

    /** Recommendations that were never written. */
    long missing() {
        return missing.count();
    }

    /** Recommendations that came again, or for a cause that has one. */
    long repeated() {
        return again.count() + manyIds.count();
    }
}
