package dev.rebound.deploy.ops.model;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which releases to issue for a wish, given those of a model so far. Each is issued later than all of them. */
final class ReleaseControl {
    private final String model;
    private final List<ModelRelease> known;
    private final ReleasePlan plan;
    private final String reason;
    private final String issuedBy;
    private long nextMillis;

    /**
     * @param known the newest release of each version, other models' too
     * @param reason for who asks later
     */
    ReleaseControl(String model, List<ModelRelease> known, String reason, String issuedBy, long nowMillis) {
        this.model = model;
        this.known = known.stream()
                .filter(release -> release.getModel().equals(model))
                .toList();
        this.plan = ReleasePlan.of(this.known);
        this.reason = reason;
        this.issuedBy = issuedBy;
        // The clock of whoever issued the last one may be ahead of this one.
        this.nextMillis = Math.max(
                nowMillis,
                1
                        + this.known.stream()
                                .mapToLong(ModelRelease::getIssuedAt)
                                .max()
                                .orElse(0));
    }

    /** The newest release of a version. */
    Optional<ModelRelease> find(String version) {
        return known.stream()
                .filter(release -> release.getVersion().equals(version))
                .findFirst();
    }

    /** Has a version score unseen, in the place of another. */
    List<ModelRelease> shadow(ModelRelease version) {
        requireNotLive(version, "SHADOW");
        return withRetired(issue(version, ReleaseStage.SHADOW, 0), plan.shadow());
    }

    /** Has a version answer under overload, in the place of another. */
    List<ModelRelease> light(ModelRelease version) {
        requireNotLive(version, "LIGHT");
        return withRetired(issue(version, ReleaseStage.LIGHT, 0), plan.light());
    }

    /** Gives a version a share of the users, in the place of another canary. */
    List<ModelRelease> canary(ModelRelease version, double percent) {
        requireNotLive(version, "CANARY");
        if (live().isEmpty()) {
            throw new CommandFailedException(
                    "No version of " + model + " is LIVE, so that there is nothing to compare a"
                            + " canary with: rebound model promote " + version.getVersion());
        }
        return withRetired(issue(version, ReleaseStage.CANARY, percent), plan.canary());
    }

    /** Has a version answer everybody. */
    List<ModelRelease> promote(ModelRelease version) {
        return List.of(issue(version, ReleaseStage.LIVE, 100));
    }

    /** Makes the live version before live again, and takes out the one that was, the canary and the shadow. */
    List<ModelRelease> rollback() {
        List<ModelRelease> live = plan.live();
        if (live.size() < 2) {
            throw new CommandFailedException("There is no version of " + model + " to go back to: "
                    + (live.isEmpty() ? "none is LIVE" : "only " + live.get(0).getVersion() + " is LIVE")
                    + ". Choose one of rebound model list: rebound model promote VERSION");
        }
        List<ModelRelease> issued = new ArrayList<>();
        issued.add(issue(live.get(1), ReleaseStage.LIVE, 100));
        issued.add(retired(live.get(0)));
        plan.canary().ifPresent(canary -> issued.add(retired(canary)));
        plan.shadow().ifPresent(shadow -> issued.add(retired(shadow)));
        return issued;
    }

    /** Takes a version out. */
    List<ModelRelease> retire(String version) {
        ModelRelease release = find(version)
                .orElseThrow(() -> new CommandFailedException(
                        model + "/" + version + " was never released; see rebound model list"));
        if (isLive(release) && plan.live().size() < 2) {
            throw new CommandFailedException(
                    version + " is the only LIVE version of " + model + ": without it users get retrieval order. "
                            + "Promote another one first: rebound model promote VERSION");
        }
        return List.of(retired(release));
    }

    private void requireNotLive(ModelRelease version, String stage) {
        if (isLive(version)) {
            throw new CommandFailedException(version.getVersion() + " is LIVE and would do nothing else as " + stage
                    + ": promote another version first, or go back with rebound model rollback");
        }
    }

    private boolean isLive(ModelRelease version) {
        return live().filter(live -> live.getVersion().equals(version.getVersion()))
                .isPresent();
    }

    private Optional<ModelRelease> live() {
        return plan.live().stream().findFirst();
    }

    private List<ModelRelease> withRetired(ModelRelease issued, Optional<ModelRelease> before) {
        List<ModelRelease> all = new ArrayList<>(List.of(issued));
        before.filter(other -> !other.getVersion().equals(issued.getVersion()))
                .ifPresent(other -> all.add(retired(other)));
        return all;
    }

    private ModelRelease retired(ModelRelease release) {
        return issue(release, ReleaseStage.RETIRED, 0);
    }

    private ModelRelease issue(ModelRelease of, ReleaseStage stage, double percent) {
        return ModelRelease.newBuilder(of)
                .setStage(stage)
                .setTrafficPercent(percent)
                .setReason(reason)
                .setIssuedBy(issuedBy)
                .setIssuedAt(nextMillis++)
                .build();
    }
}
