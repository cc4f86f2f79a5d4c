package dev.rebound.deploy.lab.reconcile;

import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.Scenario;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A list that came out, as far as it is checked, and what came with the same cause after it. About 250 bytes. */
final class WrittenList {
    final String recommendationId;
    final String modelVersion;
    final Scenario scenario;
    final long producedMillis;
    final String[] itemIds;
    /** Tombstones of the user that the topic had before it, and before the last time that it came. */
    final int tombstonesBefore;

    int latestTombstonesBefore;
    /** How often readers see it again. */
    int repeats;
    /** How often it came again and is dropped, because a job began with an earlier state. */
    int replays;
    /** Another one with the same cause. */
    @Nullable
    WrittenList next;

    WrittenList(Recommendation record, int tombstonesBefore) {
        this.recommendationId = record.getRecommendationId();
        // Interned: a few versions and a few thousand items stand in millions of lists.
        this.modelVersion = record.getModelVersion().intern();
        this.scenario = record.getScenario();
        this.producedMillis = record.getProducedAt();
        this.itemIds = record.getItems().stream()
                .map(item -> item.getItemId().intern())
                .toArray(String[]::new);
        this.tombstonesBefore = tombstonesBefore;
        this.latestTombstonesBefore = tombstonesBefore;
    }

    /** The first one with that id, of this and those after it. */
    @Nullable
    WrittenList find(String id) {
        for (WrittenList each = this; each != null; each = each.next) {
            if (each.recommendationId.equals(id)) {
                return each;
            }
        }
        return null;
    }

    /** Adds one at the end unless one like it is there. */
    void add(WrittenList other) {
        WrittenList last = this;
        for (WrittenList each = this; each != null; each = each.next) {
            if (each.difference(other) == null) {
                return;
            }
            last = each;
        }
        last.next = other;
    }

    /** In what another one differs; null if in nothing that readers act on. */
    @Nullable
    String difference(WrittenList other) {
        if (!recommendationId.equals(other.recommendationId)) {
            return "another recommendationId";
        }
        if (!modelVersion.equals(other.modelVersion)) {
            return "another model version";
        }
        if (Arrays.equals(itemIds, other.itemIds)) {
            return scenario == other.scenario ? null : "another scenario";
        }
        String[] sorted = sorted(itemIds);
        return Arrays.equals(sorted, sorted(other.itemIds)) ? "another order" : "other items";
    }

    private static String[] sorted(String[] ids) {
        String[] sorted = ids.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Whether no model scored it; what is said of campaigns is scored by none on purpose. */
    boolean isFallback() {
        return modelVersion.startsWith("fallback:");
    }

    /** Whether a model, or a fallback in its place, put it in order. */
    boolean ranksItems() {
        return scenario != Scenario.CAMPAIGN;
    }
}
