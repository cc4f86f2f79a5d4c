package dev.rebound.operators.release;

import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which version does what, by the newest release of each: the LIVE one issued last answers, the LIVE one before it stands
 * by, the CANARY issued last answers its share of the users, the SHADOW issued last scores unseen, the LIGHT one issued
 * last answers under overload. RETIRED takes a version out, so that the LIVE one before a retired one answers again. The
 * order in which releases come does not matter, nor that some come twice.
 */
public final class ReleasePlan {
    /** Of releases that do nothing at present, so many are remembered: to go back to, and not to fall for older records. */
    private static final int MOST_REMEMBERED = 64;

    /** Of the releases of a stage, the last one does what the stage is for. */
    public static final Comparator<ModelRelease> OLDEST_FIRST =
            Comparator.comparingLong(ModelRelease::getIssuedAt).thenComparing(ReleasePlan::key);

    /** How many LIVE versions before the one that answers stand by, to go back to. */
    public static final int STANDING_BY = 1;

    private final Map<String, ModelRelease> newest = new HashMap<>();

    /** The plan that these releases make. */
    public static ReleasePlan of(Collection<ModelRelease> releases) {
        ReleasePlan plan = new ReleasePlan();
        releases.forEach(plan::add);
        return plan;
    }

    /**
     * Takes a release in.
     *
     * @return whether it changes anything: one that is older than what is known of its version, or of no known stage, does
     *     not
     */
    public boolean add(ModelRelease release) {
        ModelRelease known = newest.get(key(release));
        boolean older = known != null && known.getIssuedAt() >= release.getIssuedAt();
        if (older || release.getStage() == ReleaseStage.UNKNOWN) {
            return false;
        }
        newest.put(key(release), release);
        forgetTheOldest();
        return true;
    }

    /** Forgets a release, as if it had never been issued, unless its version has got another one since. */
    public void remove(ModelRelease release) {
        newest.remove(key(release), release);
    }

    private void forgetTheOldest() {
        if (newest.size() > MOST_REMEMBERED) {
            Set<ModelRelease> needed = new HashSet<>(needed());
            newest.values().stream()
                    .filter(release -> !needed.contains(release))
                    .min(OLDEST_FIRST)
                    .ifPresent(this::remove);
        }
    }

    /** What does anything at present, one before the LIVE one to go back to included. */
    public List<ModelRelease> needed() {
        return Stream.of(live().stream().limit(1 + STANDING_BY), canary().stream(), shadow().stream(), light().stream())
                .flatMap(releases -> releases)
                .toList();
    }

    /** The version that is to answer: of the LIVE ones the one issued last. */
    public Optional<ModelRelease> answering() {
        return in(ReleaseStage.LIVE).max(OLDEST_FIRST);
    }

    /** The LIVE releases, the one that is to answer first, the one to go back to next. */
    public List<ModelRelease> live() {
        return in(ReleaseStage.LIVE).sorted(OLDEST_FIRST.reversed()).toList();
    }

    /** The version that a share of the users is to be answered by. */
    public Optional<ModelRelease> canary() {
        return in(ReleaseStage.CANARY).max(OLDEST_FIRST);
    }

    /** The version that is to score unseen. */
    public Optional<ModelRelease> shadow() {
        return in(ReleaseStage.SHADOW).max(OLDEST_FIRST);
    }

    /** The version that is to answer under overload. */
    public Optional<ModelRelease> light() {
        return in(ReleaseStage.LIGHT).max(OLDEST_FIRST);
    }

    private Stream<ModelRelease> in(ReleaseStage stage) {
        return newest.values().stream().filter(release -> release.getStage() == stage);
    }

    /** All that is known, oldest first: what makes the same plan again. */
    public List<ModelRelease> releases() {
        return newest.values().stream().sorted(OLDEST_FIRST).toList();
    }

    /** Names a version of a model. */
    public static String key(ModelRelease release) {
        return release.getModel() + "/" + release.getVersion();
    }
}
