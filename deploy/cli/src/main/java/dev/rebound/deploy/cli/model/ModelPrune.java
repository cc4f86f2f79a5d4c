package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.control.release.RetainedVersions;
import dev.rebound.deploy.control.release.Stages;
import dev.rebound.deploy.control.release.VersionRetention;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DryRun;
import dev.rebound.deploy.terminal.DurationConverter;
import dev.rebound.deploy.terminal.Table;
import dev.rebound.operators.release.ModelRegistry;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound model prune}. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description =
                "Deletes old versions from the registry, but never one that a stage, a savepoint or a checkpoint refers"
                        + " to. Shows what would go unless --yes is given.")
final class ModelPrune implements Callable<Integer> {
    @Option(
            names = "--keep",
            paramLabel = "N",
            required = true,
            description = "So many newest versions of each model stay.")
    private int keep;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            converter = DurationConverter.OrZero.class,
            description = "Only what was made longer ago, such as 30d or 12h.")
    private @Nullable Duration olderThan;

    @Option(
            names = "--snapshots",
            paramLabel = "URI",
            description =
                    "Folder of savepoints or checkpoints; may be given several times. Default: the local stack's.")
    private List<String> snapshots = new ArrayList<>();

    @Option(names = "--yes", description = "Delete, unless --dry-run is given too.")
    private boolean yes;

    @Mixin
    private DryRun dryRun;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    /**
     * A version in the result.
     *
     * @param why it stays; null if it goes
     */
    record Entry(
            String model,
            String version,
            long bytes,
            @Nullable String why) {
        List<String> row() {
            return List.of(model, version, String.format("%,d", bytes), why == null ? "GOES" : "stays: it " + why);
        }
    }

    /** @param deleted false for a look only */
    record Result(boolean deleted, List<Entry> versions) {}

    @Override
    public Integer call() {
        if (keep < 0) {
            throw new CommandFailedException("--keep " + keep + " must be 0 or more");
        }
        ModelReleases releases = new ModelReleases(
                        cluster.kafka(), cluster.topicPrefix(), cluster.site().epoch())
                .telling(output::progress);
        List<VersionRetention.Verdict> verdicts = new VersionRetention(keep, olderThan)
                .judge(
                        ModelList.registered(registry),
                        Stages.of(releases.list(), ReleasePlan.STANDING_BY),
                        RetainedVersions.below(snapshotFolders()),
                        Instant.now());
        boolean deletes = yes && !dryRun.isOn();
        if (deletes) {
            verdicts.stream()
                    .filter(VersionRetention.Verdict::goes)
                    .forEach(verdict -> delete(verdict.version(), releases));
        }
        tell(
                deletes,
                verdicts.stream()
                        .map(verdict -> new Entry(
                                verdict.version().model(),
                                verdict.version().version(),
                                verdict.version().bytes(),
                                verdict.why()))
                        .toList());
        return 0;
    }

    private List<Path> snapshotFolders() {
        if (!snapshots.isEmpty()) {
            return snapshots.stream().map(Path::new).toList();
        }
        if (!registry.isOfSite()) {
            throw new CommandFailedException(
                    "With --registry, say by --snapshots where the savepoints and checkpoints of"
                            + " its jobs are: what they refer to must stay");
        }
        Site site = cluster.site();
        return Stream.concat(
                        Stream.of(new Path(site.files().root(), "savepoints")),
                        Optional.ofNullable(site.flink().settings().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                                .stream()
                                .map(Path::new))
                .toList();
    }

    /** A release that is left on the topic would have a job that starts anew try a package that is gone. */
    private void delete(ModelRegistry.Registered version, ModelReleases releases) {
        boolean released = releases.list().stream()
                .anyMatch(release ->
                        release.getStage() == ReleaseStage.LIVE && version.key().equals(ReleasePlan.key(release)));
        if (released) {
            releases.publish(
                    registry.registry(),
                    version.model(),
                    version.version(),
                    ReleaseStage.RETIRED,
                    0,
                    "superseded, and deleted from the registry");
        }
        try {
            ModelRegistry.delete(version);
        } catch (IOException e) {
            throw new CommandFailedException(version.key() + " was not deleted: " + e.getMessage(), e);
        }
    }

    private void tell(boolean deleted, List<Entry> entries) {
        output.result(new Result(deleted, entries), out -> {
            List<List<String>> rows = new ArrayList<>(List.of(List.of("model", "version", "size", "")));
            entries.forEach(entry -> rows.add(entry.row()));
            Table.print(out, rows);
            long going = entries.stream().filter(entry -> entry.why() == null).count();
            out.println(
                    deleted ? "Deleted " + going + " versions." : going + " versions would go; delete them with --yes");
        });
    }
}
