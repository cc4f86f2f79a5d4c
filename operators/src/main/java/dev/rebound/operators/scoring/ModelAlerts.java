package dev.rebound.operators.scoring;

import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Tells people of versions that were refused or that fail. Owned by one scoring task. */
final class ModelAlerts {
    private static final String COMPONENT = "model";

    /** A version that fails, fails often: once in so long is said. */
    private static final long INTERVAL_MILLIS = Duration.ofMinutes(1).toMillis();

    private final Output<StreamRecord<OutputRecord>> output;
    private final RecordCodec<Alert> codec = RecordCodec.of(Alert.class);
    private final Map<String, Long> failureTold = new HashMap<>();
    private final Map<String, Long> unavailableTold = new HashMap<>();

    ModelAlerts(Output<StreamRecord<OutputRecord>> output) {
        this.output = output;
    }

    /** A package was not accepted. */
    void refused(ModelRelease release, Throwable cause, long nowMillis) {
        String message = release.getStage() + " was asked for and is not done: "
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage())
                + ". The versions that served go on.";
        send(release, "MODEL_REFUSED", message, retire(release), nowMillis);
    }

    /** A package can't be opened for now; told at each attempt, and said once in a while. */
    void unavailable(ModelRelease release, Throwable cause, long nowMillis) {
        if (wasToldLately(unavailableTold, release, nowMillis)) {
            return;
        }
        String message = release.getStage() + " was asked for and can't be opened now: "
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage())
                + ". It is tried again every few seconds; the versions that served go on, and without one the order of"
                + " retrieval.";
        send(release, "MODEL_UNAVAILABLE", message, "rebound doctor", nowMillis);
    }

    private static boolean wasToldLately(Map<String, Long> told, ModelRelease release, long nowMillis) {
        Long before = told.get(ReleasePlan.key(release));
        if (before != null && nowMillis - before < INTERVAL_MILLIS) {
            return true;
        }
        told.put(ReleasePlan.key(release), nowMillis);
        return false;
    }

    /** A version failed on a batch of users, who were answered in another way. */
    void failed(ModelRelease release, int users, ModelFailedException cause, long nowMillis) {
        if (wasToldLately(failureTold, release, nowMillis)) {
            return;
        }
        boolean unseen = release.getStage() == ReleaseStage.SHADOW;
        String message = "As " + release.getStage() + " it failed on a batch of " + users + " users: "
                + cause.getMessage() + ". "
                + (unseen ? "It answers nobody." : "The version before, or else retrieval, answered them.");
        boolean answersAll = release.getStage() == ReleaseStage.LIVE;
        send(
                release,
                "MODEL_FAILED",
                message,
                answersAll ? "rebound model rollback --model " + release.getModel() : retire(release),
                nowMillis);
    }

    private static String retire(ModelRelease release) {
        return "rebound model retire " + release.getVersion() + " --model " + release.getModel();
    }

    private void send(ModelRelease release, String reason, String message, String command, long nowMillis) {
        String subject = ReleasePlan.key(release);
        AlertSeverity severity =
                release.getStage() == ReleaseStage.LIVE ? AlertSeverity.CRITICAL : AlertSeverity.WARNING;
        Alert alert = Alert.newBuilder()
                .setComponent(COMPONENT)
                .setSubject(subject)
                .setSeverity(severity)
                .setReason(reason)
                .setMessage(message)
                .setCommand(command)
                .setRaisedAt(nowMillis)
                .build();
        byte[] key = (COMPONENT + "/" + subject).getBytes(StandardCharsets.UTF_8);
        output.collect(
                ScoringOutputs.ALERTS,
                new StreamRecord<>(new OutputRecord(Topic.ALERTS, key, codec.encode(alert), nowMillis)));
    }
}
