package dev.rebound.deploy.lab.reconcile;

import dev.rebound.deploy.lab.reconcile.ExpectedList.Feedback;
import dev.rebound.deploy.lab.reconcile.WrittenExamples.Example;
import dev.rebound.schemas.EventType;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the training examples are those of what was shown and done: none missing, made up, or with a wrong label. */
final class ExampleCheck {
    /** A user with more open answers is taken for a robot, and the oldest gives way. */
    private static final int MOST_REQUESTS = 32;

    private static final int MOST_FEEDBACK = 200;
    private static final long TOLERANCE_MILLIS = CatalogTimeline.TOLERANCE.toMillis();
    private static final Set<String> WITHOUT_FEATURES = Set.of("fallback:last-list", "fallback:trending");

    private final Expectation expected;
    private final ObservedOutput actual;
    private final Tally again = new Tally("training examples came again");
    private final Tally madeUp = new Tally("training examples say what nobody did");
    private final Tally ofNoPlace = new Tally("training examples are not of a place of their list");
    private final Tally mislabelled = new Tally("training examples have a wrong label or action");
    private final Tally afterErasure =
            new Tally("training examples came after the tombstone of their user, of what was before it");
    private final Tally missing = new Tally("training examples are missing");
    private long closedRequestedMillis = Long.MIN_VALUE;
    private long closedWrittenMillis = Long.MIN_VALUE;

    ExampleCheck(Expectation expected, ObservedOutput actual) {
        this.expected = expected;
        this.actual = actual;
    }

    void run(List<String> findings) {
        actual.users().forEach(this::findNewestClosed);
        for (WrittenUser user : actual.users()) {
            KnownUser known = expected.find(user.name).orElse(null);
            user.examples.forEach((id, examples) -> check(user, id, examples, request(known, id)));
            if (known != null && isPredictable(known)) {
                user.byRequest.forEach((id, list) -> findMissing(user, list, request(known, id)));
            }
        }
        List.of(again, madeUp, ofNoPlace, mislabelled, afterErasure, missing).forEach(tally -> tally.into(findings));
        long without = expected.erasedUsers().stream()
                .filter(name -> actual.find(name)
                        .filter(user -> user.tombstonesInExamples > 0)
                        .isEmpty())
                .count();
        if (without > 0 && actual.goneExamples().isEmpty()) {
            findings.add(without + " erased users have no tombstone in training-examples");
        }
    }

    private static @Nullable ExpectedList request(@Nullable KnownUser user, String requestId) {
        return user == null ? null : user.byRequest.get(requestId);
    }

    /** Whether it can be told which examples there are of a user: not of robots and of whom was forgotten meanwhile. */
    private boolean isPredictable(KnownUser user) {
        return expected.isWhole(user)
                && user.erasures == 0
                && user.byRequest.size() <= MOST_REQUESTS
                && actual.goneExamples().isEmpty();
    }

    private void findNewestClosed(WrittenUser user) {
        KnownUser known = expected.find(user.name).orElse(null);
        if (known == null || !isPredictable(known)) {
            return;
        }
        user.examples.forEach((id, examples) -> {
            ExpectedList request = known.byRequest.get(id);
            if (request != null && request.requestedMillis > closedRequestedMillis) {
                closedRequestedMillis = request.requestedMillis;
                closedWrittenMillis = examples.closedMillis();
            }
        });
    }

    private void check(WrittenUser user, String requestId, WrittenExamples examples, @Nullable ExpectedList request) {
        for (int n = 0; n < examples.repeats(); n++) {
            again.add(() -> "one of request " + requestId);
        }
        WrittenList list = user.byRequest.get(requestId);
        for (Example example : examples.all()) {
            checkFeedback(user, requestId, example, request);
            if (list != null) {
                checkPlace(example, list, user, requestId);
                checkErasure(example, list);
            }
        }
    }

    private void checkFeedback(WrittenUser user, String requestId, Example example, @Nullable ExpectedList request) {
        if (!expected.isWhole(user.name)) {
            return;
        }
        boolean unseen = example.action() == EventType.UNKNOWN
                && (example.label() == null || !expected.terms().impressions());
        boolean done = request != null
                && request.feedback().stream()
                        .anyMatch(given -> given.type() == example.action()
                                && given.itemId().equals(example.itemId()));
        if (!done && !unseen) {
            madeUp.add(() -> example.action() + " of " + example.itemId() + " in request " + requestId);
            return;
        }
        if (!isLabelRight(example) || !isStrongest(example, request)) {
            mislabelled.add(() -> example.itemId() + " of request " + requestId + " with " + example.action()
                    + " and label " + example.label());
        }
    }

    private static boolean isLabelRight(Example example) {
        return example.label() == null || example.label() == (Interest.takes(example.action()) ? 1f : 0f);
    }

    private boolean isStrongest(Example example, @Nullable ExpectedList request) {
        return request == null
                || !isPredictable(request.user)
                || !isPredictable(request)
                || actions(request, example.itemId()).contains(example.action());
    }

    /** A job before it may have had another window for feedback. */
    private boolean isPredictable(ExpectedList request) {
        return request.times > 0
                && request.causedMillis >= expected.terms().startedMillis()
                && request.feedback().size() <= MOST_FEEDBACK;
    }

    /** What may count as the strongest thing that was done in time: one, and what is stronger but came perhaps too late. */
    private Set<EventType> actions(ExpectedList request, String itemId) {
        EventType surely = strongestInTime(request, itemId);
        Set<EventType> actions = EnumSet.of(surely);
        for (Feedback given : request.feedback()) {
            if (given.itemId().equals(itemId)
                    && given.millis() <= closes(request)
                    && !isSurelyInTime(given, request)
                    && isStronger(given.type(), surely)) {
                actions.add(given.type());
            }
        }
        return actions;
    }

    private EventType strongestInTime(ExpectedList request, String itemId) {
        EventType strongest = EventType.UNKNOWN;
        for (Feedback given : request.feedback()) {
            if (given.itemId().equals(itemId)
                    && isStronger(given.type(), strongest)
                    && isSurelyInTime(given, request)) {
                strongest = given.type();
            }
        }
        return strongest;
    }

    /** Of equal ones the later one on the way to a purchase. */
    private static boolean isStronger(EventType type, EventType than) {
        int difference = Interest.weight(type) - Interest.weight(than);
        return difference > 0 || (difference == 0 && type.compareTo(than) > 0);
    }

    private long closes(ExpectedList request) {
        return request.requestedMillis + expected.terms().feedbackWindowMillis();
    }

    /** By its own time, and since the watermark can't have passed it when it came, even if the job was somewhat behind. */
    private boolean isSurelyInTime(Feedback given, ExpectedList request) {
        long both = Math.max(given.brokerMillis(), request.causedMillis) + TOLERANCE_MILLIS;
        long passed = expected.clock().latestBy(both) - expected.terms().outOfOrdernessMillis();
        long kept = given.millis() + expected.terms().feedbackWindowMillis();
        return given.millis() <= closes(request) && passed < Math.min(closes(request), kept);
    }

    /** An answer is shown before its recommendation is committed: of one that never was, it is all that tells. */
    private void checkPlace(Example example, WrittenList first, WrittenUser user, String requestId) {
        if (hasPlace(example, first) || hasPlace(example, user.responses.get(requestId))) {
            return;
        }
        ofNoPlace.add(() -> example.itemId() + " at " + example.position() + " of " + example.recommendationId()
                + " by " + example.modelVersion() + " for request " + requestId);
    }

    private static boolean hasPlace(Example example, @Nullable WrittenList first) {
        for (WrittenList list = first; list != null; list = list.next) {
            if (list.recommendationId.equals(example.recommendationId())
                    && list.modelVersion.equals(example.modelVersion())
                    && example.position() >= 0
                    && example.position() < list.itemIds.length
                    && list.itemIds[example.position()].equals(example.itemId())) {
                return true;
            }
        }
        return false;
    }

    /** Both topics have the tombstones of a user in the same places of what was shown to the user. */
    private void checkErasure(Example example, WrittenList first) {
        WrittenList list = first.find(example.recommendationId());
        if (list != null && !actual.hasReplays() && example.tombstonesBefore() > list.latestTombstonesBefore) {
            afterErasure.add(() -> example.itemId() + " of " + example.recommendationId());
        }
    }

    private void findMissing(WrittenUser user, WrittenList list, @Nullable ExpectedList request) {
        boolean isLearnedFrom = list.ranksItems() && list.next == null && !WITHOUT_FEATURES.contains(list.modelVersion);
        if (request == null || !isPredictable(request) || !isLearnedFrom) {
            return;
        }
        Optional<WrittenExamples> examples = Optional.ofNullable(user.examples.get(request.id));
        if (examples.isEmpty() && !isSurelyClosed(list, request)) {
            return;
        }
        Set<String> checked = new HashSet<>();
        for (String itemId : list.itemIds) {
            boolean isSeen = !expected.terms().impressions() || strongestInTime(request, itemId) != EventType.UNKNOWN;
            boolean isThere = examples.filter(written -> written.has(itemId)).isPresent();
            if (checked.add(itemId) && isSeen && !isThere) {
                missing.add(() -> itemId + " of " + request);
            }
        }
    }

    private boolean isSurelyClosed(WrittenList list, ExpectedList request) {
        return wasClosedBeforeAnother(list, request) || isClosedByTheWatermark(list, request);
    }

    /** Since a list that was asked for later has been closed by time, well after this one came. */
    private boolean wasClosedBeforeAnother(WrittenList list, ExpectedList request) {
        return request.requestedMillis + TOLERANCE_MILLIS <= closedRequestedMillis
                && list.producedMillis + TOLERANCE_MILLIS <= closedWrittenMillis;
    }

    /** Since the job says so, whose time had not passed yet when the request came: one that comes late waits for the next watermark. */
    private boolean isClosedByTheWatermark(WrittenList list, ExpectedList request) {
        PassedTime passed = actual.passed();
        long whenAsked = expected.clock().latestBy(request.causedMillis + TOLERANCE_MILLIS)
                - expected.terms().outOfOrdernessMillis();
        return closes(request) <= passed.watermarkMillis()
                && list.producedMillis + TOLERANCE_MILLIS <= passed.askedMillis()
                && whenAsked < closes(request);
    }
}
