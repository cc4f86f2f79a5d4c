package dev.rebound.operators.retraining;

import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The newest release of each version of one model. */
final class KnownReleases {
    private final Map<String, ModelRelease> newest = new TreeMap<>();

    /** Of the releases of a version the one issued last counts, in whatever order they come. */
    void add(ModelRelease release) {
        newest.merge(
                release.getVersion(),
                release,
                (known, other) -> other.getIssuedAt() >= known.getIssuedAt() ? other : known);
    }

    /** The version that is LIVE: of several the one issued last. Null where none is. */
    @Nullable
    ModelRelease live() {
        return newest.values().stream()
                .filter(release -> release.getStage() == ReleaseStage.LIVE)
                .max(Comparator.comparingLong(ModelRelease::getIssuedAt))
                .orElse(null);
    }

    /** Candidates that are still as this issuer released them: nobody has promoted or retired them. */
    List<ModelRelease> untouchedCandidates(String issuer) {
        return newest.values().stream()
                .filter(release -> release.getIssuedBy().equals(issuer))
                .filter(release ->
                        release.getStage() == ReleaseStage.SHADOW || release.getStage() == ReleaseStage.CANARY)
                .toList();
    }

    Collection<ModelRelease> all() {
        return newest.values();
    }
}
