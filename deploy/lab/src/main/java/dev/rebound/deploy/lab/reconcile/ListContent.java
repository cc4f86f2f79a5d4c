package dev.rebound.deploy.lab.reconcile;

import dev.rebound.deploy.lab.reconcile.CatalogTimeline.Span;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Scenario;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether lists hold what they may: not nothing, not too much, nothing twice, and nothing that is kept out. */
final class ListContent {
    /** Overload answers with these, which know neither page nor purchases. */
    private static final Set<String> OVERLOADED = Set.of("fallback:last-list", "fallback:trending");

    private final CatalogTimeline catalog;
    private final Standstills standstills;
    private final JobTerms terms;
    private final long catalogReadMillis;
    private final Tally empty = new Tally("lists are empty though there was something to show");
    private final Tally tooLong = new Tally("lists are longer than was asked for");
    private final Tally repeated = new Tally("lists name an item twice");
    private final Tally unavailable =
            new Tally("recommended items were unknown or not available, or the shop's rules" + " exclude them");
    private final Tally unasked = new Tally("recommended items are not among the candidates of the request");
    private final Tally ofThePage = new Tally("lists of what is similar name the item of the page");
    private final Tally bought = new Tally("recommended items had been bought within the hour");

    ListContent(Expectation expected, ObservedOutput actual, Standstills standstills) {
        this.catalog = expected.catalog();
        this.standstills = standstills;
        this.terms = expected.terms();
        // In its first moments a job may be asked before it knows items.
        this.catalogReadMillis = actual.firstProducedMillis() == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : actual.firstProducedMillis() + CatalogTimeline.TOLERANCE.toMillis();
    }

    /** @param isOrdered whether it is known what the user had done before */
    void check(WrittenList list, ExpectedList cause, boolean isOrdered) {
        if (list.itemIds.length == 0 && isWronglyEmpty(list, cause)) {
            empty.add(() -> name(list, cause));
        }
        if (list.itemIds.length > cause.mostItems && (cause.ofRequest || isOfTheJob(list))) {
            tooLong.add(() -> name(list, cause) + " with " + list.itemIds.length + " items of " + cause.mostItems);
        }
        Set<String> seen = new HashSet<>();
        for (String itemId : list.itemIds) {
            if (!seen.add(itemId)) {
                repeated.add(() -> itemId + " in " + name(list, cause));
            }
            checkItem(itemId, list, cause);
            if (isOrdered && !OVERLOADED.contains(list.modelVersion) && cause.bought(itemId)) {
                bought.add(() -> itemId + " in " + name(list, cause));
            }
        }
    }

    private void checkItem(String itemId, WrittenList list, ExpectedList cause) {
        if (cause.candidates != null && !cause.candidates.contains(itemId)) {
            unasked.add(() -> itemId + " in " + name(list, cause));
        }
        if (!list.ranksItems()) {
            // It shows campaigns, which no catalog names.
            return;
        }
        Exclusions exclusions = isOfTheJob(list) ? terms.exclusions() : Exclusions.NONE;
        if (!catalog.mayBeShown(itemId, span(list, cause), exclusions)) {
            unavailable.add(() -> itemId + " in " + name(list, cause));
        }
        if (cause.candidates == null
                && cause.scenario == Scenario.SIMILAR_ITEMS
                && itemId.equals(cause.contextItemId)
                && !OVERLOADED.contains(list.modelVersion)) {
            ofThePage.add(() -> itemId + " in " + name(list, cause));
        }
    }

    /** A job before it may have had other options. */
    private boolean isOfTheJob(WrittenList list) {
        return list.producedMillis >= terms.startedMillis();
    }

    /** The shop's rules may leave nothing of what was retrieved. */
    private boolean isWronglyEmpty(WrittenList list, ExpectedList cause) {
        boolean hasRules = !isOfTheJob(list) || !terms.exclusions().isEmpty();
        if (!list.ranksItems() || hasRules || list.producedMillis < catalogReadMillis) {
            return false;
        }
        Span span = span(list, cause);
        if (!span.isPrompt()) {
            return false;
        }
        if (cause.candidates != null) {
            return cause.candidates.stream().anyMatch(itemId -> catalog.isSurelyOffered(itemId, span));
        }
        boolean buys = cause.user.counts[EventType.PURCHASE.ordinal()] > 0 || cause.user.erasures > 0;
        return catalog.offersMoreThan(buys ? RecentInteractions.MOST : 0, cause.contextItemId, span);
    }

    private Span span(WrittenList list, ExpectedList cause) {
        return Span.of(cause.causedMillis, standstills.knownSince(list.producedMillis), list.producedMillis);
    }

    private static String name(WrittenList list, ExpectedList cause) {
        return list.recommendationId + " for " + cause;
    }

    void into(List<String> findings) {
        Arrays.asList(empty, tooLong, repeated, unavailable, unasked, ofThePage, bought)
                .forEach(tally -> tally.into(findings));
    }
}
