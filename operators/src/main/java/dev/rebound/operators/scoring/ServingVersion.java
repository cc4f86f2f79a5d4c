package dev.rebound.operators.scoring;

import dev.rebound.operators.model.RankingModel;
import dev.rebound.schemas.ModelRelease;

/** A model in memory, the release that it was opened from, and what is seen of it. */
final class ServingVersion {
    private final ModelRelease release;
    private final RankingModel model;
    private final VersionMeter meter;

    ServingVersion(ModelRelease release, RankingModel model) {
        this.release = release;
        this.model = model;
        this.meter = new VersionMeter(release.getModel(), release.getVersion());
    }

    /** Of the same package as what does something now, perhaps of an earlier stage. */
    ModelRelease release() {
        return release;
    }

    RankingModel model() {
        return model;
    }

    VersionMeter meter() {
        return meter;
    }
}
