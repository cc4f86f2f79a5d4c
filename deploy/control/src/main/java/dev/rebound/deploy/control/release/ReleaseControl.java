package dev.rebound.deploy.control.release;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which releases to issue for a wish, given those of a model so far. Each is issued later than all of them.
 *
 * <p>Whoever issues them may be broken off after any. The first one is what was wished for, so that no beginning of them is
 * worse than none, and the wish repeated finishes what is left.
 */
public final class ReleaseControl {
    /** Begins the reason of a release that a rollback issued; the version that is taken out and a colon follow. */
    private static final String ROLLBACK = "rollback from ";

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
    public ReleaseControl(String model, List<ModelRelease> known, String reason, String issuedBy, long nowMillis) {
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
    public Optional<ModelRelease> find(String version) {
        return known.stream()
                .filter(release -> release.getVersion().equals(version))
                .findFirst();
    }

    /** Has a version score unseen, in the place of another. */
    public List<ModelRelease> shadow(ModelRelease version) {
        requireNotLive(version, "SHADOW");
        return inPlaceOfOthers(issue(version, ReleaseStage.SHADOW, 0));
    }

    /** Has a version answer under overload, in the place of another. */
    public List<ModelRelease> light(ModelRelease version) {
        requireNotLive(version, "LIGHT");
        return inPlaceOfOthers(issue(version, ReleaseStage.LIGHT, 0));
    }

    /** Gives a version a share of the users, in the place of another canary. */
    public List<ModelRelease> canary(ModelRelease version, double percent) {
        requireNotLive(version, "CANARY");
        if (live().isEmpty()) {
            throw new CommandFailedException(
                    "No version of " + model + " is LIVE, so that there is nothing to compare a"
                            + " canary with: rebound model promote " + version.getVersion());
        }
        return inPlaceOfOthers(issue(version, ReleaseStage.CANARY, percent));
    }

    /** Has a version answer everybody. */
    public List<ModelRelease> promote(ModelRelease version) {
        return List.of(issue(version, ReleaseStage.LIVE, 100));
    }

    /** Makes the live version before live again, and takes out the canary, the shadow and last the one that was. */
    public List<ModelRelease> rollback() {
        List<ModelRelease> live = plan.live();
        if (live.size() < 2) {
            throw new CommandFailedException("There is no version of " + model + " to go back to: "
                    + (live.isEmpty() ? "none is LIVE" : "only " + live.get(0).getVersion() + " is LIVE")
                    + ". Choose one of rebound model list: rebound model promote VERSION");
        }
        return leftByRollback(live)
                .map(left -> rollback(live.get(0), left))
                .orElseGet(() -> rollback(live.get(1), live.get(0)));
    }

    /** The version that a rollback was to take out and has not, because it was broken off. */
    private static Optional<ModelRelease> leftByRollback(List<ModelRelease> live) {
        String reason = live.get(0).getReason();
        return live.stream()
                .skip(1)
                .filter(each -> reason.startsWith(ROLLBACK + each.getVersion() + ":"))
                .findFirst();
    }

    private List<ModelRelease> rollback(ModelRelease to, ModelRelease from) {
        List<ModelRelease> issued = new ArrayList<>();
        issued.add(ModelRelease.newBuilder(issue(to, ReleaseStage.LIVE, 100))
                .setReason(ROLLBACK + from.getVersion() + ": " + reason)
                .build());
        issued.addAll(retiredOthers(ReleaseStage.CANARY, to.getVersion()));
        issued.addAll(retiredOthers(ReleaseStage.SHADOW, to.getVersion()));
        issued.add(retired(from));
        return issued;
    }

    /** Takes a version out. */
    public List<ModelRelease> retire(String version) {
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

    private List<ModelRelease> inPlaceOfOthers(ModelRelease issued) {
        List<ModelRelease> all = new ArrayList<>(List.of(issued));
        all.addAll(retiredOthers(issued.getStage(), issued.getVersion()));
        return all;
    }

    /** All of a stage, not the one in charge alone: one that was left there comes back when that one goes. */
    private List<ModelRelease> retiredOthers(ReleaseStage stage, String version) {
        return known.stream()
                .filter(release -> release.getStage() == stage)
                .filter(release -> !release.getVersion().equals(version))
                .sorted(ReleasePlan.OLDEST_FIRST)
                .map(this::retired)
                .toList();
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
