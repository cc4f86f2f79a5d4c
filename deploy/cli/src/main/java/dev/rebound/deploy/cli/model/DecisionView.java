package dev.rebound.deploy.cli.model;

import dev.rebound.schemas.ReleaseDecision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decision of the guard as it is shown, with the evidence of its moment. */
record DecisionView(
        Instant decidedAt,
        String model,
        String version,
        Instant releaseIssuedAt,
        String action,
        String reason,
        String message,
        double alpha,
        ReportView canary,
        @Nullable ReportView live) {

    static final List<String> HEAD = List.of("decided", "model", "version", "action", "reason", "evidence");

    static DecisionView of(ReleaseDecision decision) {
        return new DecisionView(
                Instant.ofEpochMilli(decision.getDecidedAt()),
                decision.getModel(),
                decision.getVersion(),
                Instant.ofEpochMilli(decision.getReleaseIssuedAt()),
                decision.getAction().name(),
                decision.getReason(),
                decision.getMessage(),
                decision.getAlpha(),
                ReportView.of(decision.getCanary()),
                decision.getLive() == null ? null : ReportView.of(decision.getLive()));
    }

    List<String> row() {
        return List.of(decidedAt.toString(), model, version, action, reason, message);
    }
}
