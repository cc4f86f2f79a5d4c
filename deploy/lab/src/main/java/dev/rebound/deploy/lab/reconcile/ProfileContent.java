package dev.rebound.deploy.lab.reconcile;

import dev.rebound.deploy.lab.reconcile.CatalogTimeline.Span;
import dev.rebound.deploy.lab.reconcile.CatalogTimeline.Sure;
import dev.rebound.deploy.lab.reconcile.CatalogTimeline.Version;
import dev.rebound.deploy.lab.reconcile.RecentInteractions.Interaction;
import dev.rebound.schemas.UserProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a profile must say beside the counts: sessions, times, recent items, shares of interest and price. Written from
 * docs/concepts.md, Profiles.
 */
final class ProfileContent {
    private static final int MOST_NAMES = 10;
    private static final int MOST_ITEMS = 20;
    private static final double HALF_LIFE_MILLIS = Duration.ofDays(7).toMillis();

    /** The job computes with 24 bits. */
    private static final double PRECISION = 1e-3;

    /** So small a share may have become nothing. */
    private static final double NEGLIGIBLE = 1e-5;

    private final KnownUser user;
    private final UserProfile profile;
    private final List<String> recentItemIds = new ArrayList<>();
    private final Map<String, Double> categories = new HashMap<>();
    private final Map<String, Double> brands = new HashMap<>();
    private double weights;
    private double logPrices;
    private int priced;

    private ProfileContent(KnownUser user, UserProfile profile) {
        this.user = user;
        this.profile = profile;
    }

    /**
     * In what the profile of a user is wrong; empty if in nothing that can be told. Where the catalog was changing, nothing
     * can be told of what it says.
     *
     * @param catalogIsRead whether the job had surely read the whole catalog by then
     */
    static Optional<String> error(
            KnownUser user,
            UserProfile profile,
            CatalogTimeline catalog,
            Standstills standstills,
            boolean catalogIsRead) {
        ProfileContent content = new ProfileContent(user, profile);
        Span span = Span.of(
                user.lastBrokerMillis, standstills.knownSince(profile.getProducedAt()), profile.getProducedAt());
        String error = content.errorOfTime();
        if (error == null && content.sum(catalog, span)) {
            error = content.errorOfItems(catalogIsRead && span.isPrompt());
        }
        return Optional.ofNullable(error);
    }

    private @Nullable String errorOfTime() {
        if (profile.getSessions() != user.sessions) {
            return "has " + profile.getSessions() + " sessions, must have " + user.sessions;
        }
        if (profile.getFirstEventTime() != user.firstMillis) {
            return "has the firstEventTime " + profile.getFirstEventTime() + ", must have " + user.firstMillis;
        }
        return profile.getLastEventTime() == user.lastMillis
                ? null
                : "has the lastEventTime " + profile.getLastEventTime() + ", must have " + user.lastMillis;
    }

    /** Returns whether it is known what the catalog said of each item. */
    private boolean sum(CatalogTimeline catalog, Span span) {
        for (int n = 0; n < user.recent.size(); n++) {
            Interaction interaction = user.recent.newest(n);
            Optional<Sure> sure = catalog.surely(interaction.itemId(), span);
            if (sure.isEmpty()) {
                return false;
            }
            Version item = sure.get().version();
            if (item != null) {
                add(interaction, item, n);
            }
        }
        return true;
    }

    private void add(Interaction interaction, Version item, int n) {
        if (n < MOST_ITEMS) {
            recentItemIds.add(interaction.itemId());
        }
        double age = Math.max(0, user.lastMillis - interaction.millis());
        double weight = Interest.weight(interaction.type()) * Math.pow(2, -age / HALF_LIFE_MILLIS);
        weights += weight;
        add(item.category(), weight, categories);
        add(item.brand(), weight, brands);
        if (item.priceMinor() > 0) {
            logPrices += Math.log((double) item.priceMinor());
            priced++;
        }
    }

    private static void add(@Nullable String name, double weight, Map<String, Double> sums) {
        if (name != null && !name.isEmpty()) {
            sums.merge(name, weight, Double::sum);
        }
    }

    private @Nullable String errorOfItems(boolean catalogIsRead) {
        boolean sameItems = profile.getRecentItemIds().equals(recentItemIds);
        boolean allAreTold = user.recent.size() <= MOST_ITEMS;
        if (!catalogIsRead && !(sameItems && allAreTold)) {
            return null;
        }
        if (!sameItems) {
            return "has the recentItemIds " + profile.getRecentItemIds() + ", must have " + recentItemIds;
        }
        String error = errorOfShares("categoryInterests", profile.getCategoryInterests(), categories);
        if (error == null) {
            error = errorOfShares("brandInterests", profile.getBrandInterests(), brands);
        }
        return error == null ? errorOfPrice() : error;
    }

    private @Nullable String errorOfShares(String field, Map<String, Float> given, Map<String, Double> sums) {
        Map<String, Double> must = new HashMap<>();
        sums.forEach((name, sum) -> must.put(name, sum / weights));
        double least = given.size() < MOST_NAMES
                ? NEGLIGIBLE
                : given.values().stream().mapToDouble(Float::doubleValue).min().orElse(0) + PRECISION;
        boolean right = given.size() <= MOST_NAMES
                && given.entrySet().stream()
                        .allMatch(
                                each -> Math.abs(each.getValue() - must.getOrDefault(each.getKey(), -1.0)) < PRECISION)
                && must.entrySet().stream()
                        .allMatch(each -> given.containsKey(each.getKey()) || each.getValue() < least);
        return right ? null : "has the " + field + " " + given + ", must have the first ten of " + must;
    }

    private @Nullable String errorOfPrice() {
        Long given = profile.getMeanPriceMinor();
        if (priced == 0) {
            return given == null ? null : "has the meanPriceMinor " + given + ", must have none";
        }
        double must = Math.exp(logPrices / priced);
        return given != null && Math.abs(given - must) <= Math.max(1, must * PRECISION)
                ? null
                : "has the meanPriceMinor " + given + ", must have " + Math.round(must);
    }
}
