package dev.rebound.operators.retraining;

import dev.rebound.operators.output.OutputRecord;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The records that a training ends with: releases on {@code model-releases}, and what a person should know on {@code alerts}. */
final class RetrainingNews {
    /** Who issues its releases. */
    static final String ISSUER = "model-training";

    private final RetrainingSettings settings;
    private final RecordCodec<ModelRelease> releases = RecordCodec.of(ModelRelease.class);
    private final RecordCodec<Alert> alerts = RecordCodec.of(Alert.class);

    RetrainingNews(RetrainingSettings settings) {
        this.settings = settings;
    }

    /**
     * The release of a better version, and the retirement of the candidates that it replaces. Repeated for the same
     * slice they are the same, byte by byte.
     *
     * @param known newest release of each version
     */
    List<OutputRecord> released(Retraining.Result result, SliceProgress.Closed slice, List<ModelRelease> known) {
        List<OutputRecord> records = new ArrayList<>();
        for (ModelRelease candidate : known) {
            if (isUntouched(candidate) && !candidate.getVersion().equals(result.version())) {
                records.add(record(ModelRelease.newBuilder(candidate)
                        .setStage(ReleaseStage.RETIRED)
                        .setTrafficPercent(0)
                        .setReason("replaced by " + result.version())
                        .setIssuedAt(slice.closedMillis())
                        .build()));
            }
        }
        records.add(record(ModelRelease.newBuilder()
                .setModel(settings.model())
                .setVersion(result.version())
                .setPackageUri(result.packageUri())
                .setSha256(result.sha256())
                .setStage(settings.asCanary() ? ReleaseStage.CANARY : ReleaseStage.SHADOW)
                .setTrafficPercent(settings.canaryPercent())
                .setReason(result.report().summary(result.live().getVersion()))
                .setIssuedAt(slice.closedMillis())
                .setIssuedBy(ISSUER)
                .build()));
        return records;
    }

    /** A candidate of an earlier slice that nobody promoted or retired: it would cost a forward pass for ever. */
    static boolean isUntouched(ModelRelease release) {
        return release.getIssuedBy().equals(ISSUER)
                && (release.getStage() == ReleaseStage.SHADOW || release.getStage() == ReleaseStage.CANARY);
    }

    private OutputRecord record(ModelRelease release) {
        String key = release.getModel() + "/" + release.getVersion();
        return new OutputRecord(Topic.MODEL_RELEASES, bytes(key), releases.encode(release), release.getIssuedAt());
    }

    /** An alert about the model. */
    OutputRecord alert(AlertSeverity severity, String reason, String message, long nowMillis) {
        Alert alert = Alert.newBuilder()
                .setComponent("model")
                .setSubject(settings.model())
                .setSeverity(severity)
                .setReason(reason)
                .setMessage(message)
                .setCommand("rebound model list")
                .setRaisedAt(nowMillis)
                .build();
        return new OutputRecord(
                Topic.ALERTS, bytes(alert.getComponent() + "/" + alert.getSubject()), alerts.encode(alert), nowMillis);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
