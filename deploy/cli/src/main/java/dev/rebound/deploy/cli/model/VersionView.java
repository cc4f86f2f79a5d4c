package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.control.release.Stages;
import dev.rebound.operators.release.Lineage;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.operators.release.ModelRegistry;
import dev.rebound.schemas.ModelRelease;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A version as it is shown: what its manifest says, and what was released of it last.
 *
 * @param stage as {@link Stages} says; - if it was never released
 * @param bytes of the package; 0 where it is not in the registry
 * @param problem why there is no manifest; null where there is
 */
public record VersionView(
        String model,
        String version,
        String stage,
        @Nullable String format,
        long bytes,
        boolean signed,
        @Nullable Instant createdAt,
        @Nullable Instant trainedFrom,
        @Nullable Instant trainedTo,
        @Nullable String parentVersion,
        @Nullable String codeVersion,
        @Nullable String variant,
        Map<String, Double> metrics,
        @Nullable ReleaseView release,
        @Nullable String problem) {

    static final List<String> HEAD = List.of(
            "model",
            "version",
            "stage",
            "created",
            "trained on",
            "parent",
            "code",
            "format",
            "size",
            "signed",
            "metrics");

    static final String NEVER_RELEASED = "-";

    private static final Lineage UNKNOWN = new Lineage(null, null, null);

    static VersionView of(ModelRegistry.Registered registered, Stages stages, @Nullable ModelRelease release) {
        ModelManifest manifest = registered.manifest();
        String stage = stages.of(registered.key()).orElse(NEVER_RELEASED);
        ReleaseView newest = release == null ? null : ReleaseView.of(release);
        if (manifest == null) {
            return unreadable(registered, stage, newest);
        }
        Lineage lineage = Objects.requireNonNullElse(manifest.lineage(), UNKNOWN);
        return new VersionView(
                registered.model(),
                registered.version(),
                stage,
                manifest.format(),
                registered.bytes(),
                registered.signed(),
                manifest.createdAt(),
                manifest.trainedFrom(),
                manifest.trainedTo(),
                lineage.parentVersion(),
                lineage.codeVersion(),
                lineage.variant(),
                Objects.requireNonNullElse(manifest.metrics(), Map.of()),
                newest,
                null);
    }

    private static VersionView unreadable(
            ModelRegistry.Registered registered, String stage, @Nullable ReleaseView release) {
        String problem = ModelManifest.FILE + " cannot be read: " + registered.problem();
        return bare(
                registered.model(),
                registered.version(),
                stage,
                registered.bytes(),
                registered.signed(),
                release,
                problem);
    }

    /** A version that was released from somewhere else, or whose package is gone. */
    static VersionView absent(ModelRelease release, Stages stages) {
        String key = release.getModel() + "/" + release.getVersion();
        return bare(
                release.getModel(),
                release.getVersion(),
                stages.of(key).orElse(NEVER_RELEASED),
                0,
                false,
                ReleaseView.of(release),
                "not in this registry; released from " + release.getPackageUri());
    }

    private static VersionView bare(
            String model,
            String version,
            String stage,
            long bytes,
            boolean signed,
            @Nullable ReleaseView release,
            String problem) {
        return new VersionView(
                model, version, stage, null, bytes, signed, null, null, null, null, null, null, Map.of(), release,
                problem);
    }

    public List<String> row() {
        String range = trainedFrom == null || trainedTo == null ? "" : day(trainedFrom) + ".." + day(trainedTo);
        String parent = variant == null ? text(parentVersion) : text(parentVersion) + " (" + variant + ")";
        return List.of(
                model,
                version,
                stage,
                createdAt == null ? "" : createdAt.toString(),
                range,
                parent,
                text(codeVersion),
                text(format),
                String.format("%,d", bytes),
                signed ? "yes" : "no",
                problem != null ? problem : metricsText());
    }

    private String metricsText() {
        return metrics.entrySet().stream()
                .map(metric -> String.format("%s %.4g", metric.getKey(), metric.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String day(Instant instant) {
        return instant.toString().substring(0, 10);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
