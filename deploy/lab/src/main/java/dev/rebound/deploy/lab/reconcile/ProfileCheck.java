package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.EventType;
import dev.rebound.schemas.UserProfile;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Whether each profile counts what its user did, and says of it what it must. */
final class ProfileCheck {
    private static final EventType[] TYPES = EventType.values();
    private static final long[] NOTHING = new long[TYPES.length];

    private final Expectation expected;
    private final ObservedOutput actual;
    private final Standstills standstills;
    private final Tally wrongCounts = new Tally("profiles count wrongly");
    private final Tally wrongContent = new Tally("profiles count rightly and say what is wrong");
    private final Tally notErased = new Tally("erased users have a profile, or one again without an event");
    private long lost;
    private long surplus;
    private long applied;

    ProfileCheck(Expectation expected, ObservedOutput actual, Standstills standstills) {
        this.expected = expected;
        this.actual = actual;
        this.standstills = standstills;
    }

    void run(List<String> findings) {
        Set<String> names = new HashSet<>();
        expected.users().forEach(user -> names.add(user.name));
        actual.users().forEach(user -> names.add(user.name));
        names.forEach(this::check);
        wrongCounts.into(findings);
        wrongContent.into(findings);
        notErased.into(findings);
    }

    private void check(String name) {
        Optional<KnownUser> user = expected.find(name);
        Optional<UserProfile> profile = actual.find(name).flatMap(actual::profile);
        Map<String, Long> given = profile.map(UserProfile::getEventCounts).orElse(Map.of());
        long[] must = user.map(each -> each.counts).orElse(NOTHING);
        boolean right = compare(given, must, expected.isWhole(name));
        if (!right) {
            wrongCounts.add(() -> "that of " + Masked.user(name) + ", which has " + new TreeMap<>(given)
                    + ", must have " + byType(must));
        }
        if (profile.isPresent()
                && user.isPresent()
                && user.get().erasures > 0
                && user.get().total() == 0) {
            notErased.add(() -> Masked.user(name));
        }
        if (right
                && profile.isPresent()
                && user.isPresent()
                && expected.isWhole(name)
                && !user.get().hasMoved()) {
            ProfileContent.error(
                            user.get(), profile.get(), expected.catalog(), standstills, isCatalogRead(profile.get()))
                    .ifPresent(error -> wrongContent.add(() -> "that of " + Masked.user(name) + ", which " + error));
        }
    }

    /** Returns whether there is no difference. Of whom not all events could be read, more may be counted. */
    private boolean compare(Map<String, Long> given, long[] must, boolean whole) {
        boolean right = true;
        for (EventType type : TYPES) {
            long is = given.getOrDefault(type.name(), 0L);
            long difference = is - must[type.ordinal()];
            lost += Math.max(0, -difference);
            surplus += whole ? Math.max(0, difference) : 0;
            right &= whole ? difference == 0 : difference >= 0;
            applied += is;
        }
        return right;
    }

    private static Map<String, Long> byType(long[] counts) {
        Map<String, Long> byType = new TreeMap<>();
        for (EventType type : TYPES) {
            if (counts[type.ordinal()] > 0) {
                byType.put(type.name(), counts[type.ordinal()]);
            }
        }
        return byType;
    }

    /** In its first moments a job may know users before it knows items. */
    private boolean isCatalogRead(UserProfile profile) {
        return profile.getProducedAt() - CatalogTimeline.TOLERANCE.toMillis() >= actual.firstProducedMillis();
    }

    /** Adds findings if events are missing, or counted too often. */
    void lostInto(List<String> findings) {
        if (lost > 0) {
            findings.add(lost + " events were lost");
        }
        if (surplus > 0) {
            findings.add(surplus + " events were counted more than once");
        }
    }

    /** Events that are missing in the profiles. */
    long lost() {
        return lost;
    }

    /** Events that the profiles count too often. */
    long surplus() {
        return surplus;
    }

    /** Events that the profiles count. */
    long applied() {
        return applied;
    }
}
