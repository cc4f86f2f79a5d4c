package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.control.release.FirstOutput;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.control.release.ReleaseControl;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DurationConverter;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command has that moves versions between stages, and how it does it. */
final class ReleaseOptions {
    @Option(
            names = "--model",
            defaultValue = RegistryOptions.DEFAULT_MODEL,
            description = "Name of the model (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(names = "--reason", defaultValue = "by hand", description = "Why, for who asks later.")
    private String reason;

    @Option(
            names = "--wait",
            description =
                    "Wait for the first recommendation of the version that answers now, and tell how long it took.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.OrZero.class,
            defaultValue = "60s",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    /** What was issued, and how long it took until somebody got it. */
    record Issued(List<ReleaseView> releases, @Nullable Double secondsToFirstOutput) {}

    /**
     * Issues what a wish comes to.
     *
     * @param wish the releases to issue, the one that answers first
     */
    int issue(Function<ReleaseControl, List<ModelRelease>> wish) {
        cluster.ensureTopics();
        ModelReleases topic = new ModelReleases(
                        cluster.kafka(), cluster.topicPrefix(), cluster.site().epoch())
                .telling(output::progress);
        ReleaseControl control = new ReleaseControl(
                model, topic.list(), reason, System.getProperty("user.name", ""), System.currentTimeMillis());
        List<ModelRelease> releases = wish.apply(control);
        Double seconds = null;
        if (wait && answers(releases.get(0).getStage())) {
            try (FirstOutput first = new FirstOutput(cluster.kafka(), cluster.topicPrefix())) {
                topic.send(releases);
                String version = releases.get(0).getVersion();
                output.progress("waiting for a recommendation by " + version);
                seconds = first.await(version, timeout).toMillis() / 1000.0;
            }
        } else {
            topic.send(releases);
        }
        tell(releases, seconds);
        return 0;
    }

    private static boolean answers(ReleaseStage stage) {
        return stage == ReleaseStage.LIVE || stage == ReleaseStage.CANARY;
    }

    private void tell(List<ModelRelease> releases, @Nullable Double seconds) {
        Issued issued = new Issued(releases.stream().map(ReleaseView::of).toList(), seconds);
        output.result(issued, out -> {
            for (ModelRelease release : releases) {
                out.println(model + "/" + release.getVersion() + " is " + release.getStage()
                        + (release.getStage() == ReleaseStage.CANARY
                                ? " for " + release.getTrafficPercent() + " % of the users"
                                : ""));
            }
            if (seconds != null) {
                out.printf("%.1f s from the command to its first recommendation%n", seconds);
            }
        });
    }

    /** The release of a version to go on from: its newest, or else a first one, of its package in the registry. */
    ModelRelease version(ReleaseControl control, String version, RegistryOptions registry) {
        return control.find(version).orElseGet(() -> ModelReleases.firstOf(registry.registry(), model, version));
    }
}
