package dev.rebound.deploy.cli.model;

import dev.rebound.schemas.ModelRelease;
import java.time.Instant;
import java.util.List;

/** A release as it is shown. */
record ReleaseView(
        String model, String version, String stage, String packageUri, String sha256, Instant issuedAt, String reason) {

    static final List<String> HEAD = List.of("model", "version", "stage", "issued", "reason");

    static ReleaseView of(ModelRelease release) {
        return new ReleaseView(
                release.getModel(),
                release.getVersion(),
                release.getStage().name(),
                release.getPackageUri(),
                release.getSha256(),
                Instant.ofEpochMilli(release.getIssuedAt()),
                release.getReason());
    }

    List<String> row() {
        return List.of(model, version, stage, issuedAt.toString(), reason);
    }
}
