package dev.rebound.deploy.control.release;

import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which version of a model is in which stage, by the newest release of each, in the order that {@link ReleasePlan} goes by:
 * of those released as LIVE the last one is live, some before it stand by, and the others have been superseded.
 */
public final class Stages {
    static final String PREVIOUS_LIVE = "previous LIVE";
    static final String SUPERSEDED = "superseded";

    private final Map<String, String> byVersion = new HashMap<>();

    private Stages() {}

    /**
     * The stages after some releases.
     *
     * @param releases the newest of each version
     * @param standingBy how many LIVE ones before the newest may still be gone back to
     */
    public static Stages of(Collection<ModelRelease> releases, int standingBy) {
        Stages stages = new Stages();
        Map<String, List<ModelRelease>> live = releases.stream()
                .filter(release -> release.getStage() == ReleaseStage.LIVE)
                .sorted(ReleasePlan.OLDEST_FIRST.reversed())
                .collect(Collectors.groupingBy(ModelRelease::getModel));
        for (ModelRelease release : releases) {
            String stage = release.getStage().name();
            if (release.getStage() == ReleaseStage.LIVE) {
                int newer = live.get(release.getModel()).indexOf(release);
                stage = newer == 0 ? stage : newer <= standingBy ? PREVIOUS_LIVE : SUPERSEDED;
            } else if (release.getStage() == ReleaseStage.CANARY) {
                stage += String.format(" %.4g %%", release.getTrafficPercent());
            }
            stages.byVersion.put(ReleasePlan.key(release), stage);
        }
        return stages;
    }

    /** The stage of a version; empty if it was never released. */
    public Optional<String> of(String version) {
        return Optional.ofNullable(byVersion.get(version));
    }

    /** Whether a job may load the version because of its stage. */
    boolean inUse(String version) {
        String stage = byVersion.get(version);
        return stage != null && !stage.equals(SUPERSEDED) && !stage.equals(ReleaseStage.RETIRED.name());
    }

    /** The versions that a job may load. */
    List<String> inUse() {
        return byVersion.keySet().stream().filter(this::inUse).sorted().toList();
    }
}
