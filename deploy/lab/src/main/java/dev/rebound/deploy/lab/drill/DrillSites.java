package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.StackShape;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.schemas.CatalogItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two local sites that exist for a drill: a primary with a job under load, and its standby. They are new each time, and gone
 * at the end.
 */
final class DrillSites implements AutoCloseable {
    static final String A = "drill-a";
    static final String B = "drill-b";

    private static final String MODEL = "ranker";
    private static final long HISTORY_EVENTS = 8_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final StackLayout main;
    private final boolean keep;
    private final Progress output;
    private LocalStack primary;
    private LocalStack standby;

    /**
     * @param main layout of the main stack of the folder that both are in
     * @param keep whether they are left running
     */
    DrillSites(StackLayout main, boolean keep, Progress output) {
        this.main = main;
        this.keep = keep;
        this.output = output;
        this.primary = LocalStack.named(A, main);
        this.standby = LocalStack.named(B, main);
    }

    LocalStack primary() {
        return primary;
    }

    LocalStack standby() {
        return standby;
    }

    StackLayout main() {
        return main;
    }

    String topicPrefix() {
        return primary.topics().prefix();
    }

    /** Starts both, on ports that are free. */
    void start() {
        clear();
        primary = fresh(A);
        primary.up(ProgressListener.to(output));
        standby = fresh(B);
        startStandby();
    }

    private LocalStack fresh(String name) {
        return LocalStack.named(name, main).as(StackShape.ONE_OF_TWO).onFreePorts();
    }

    /** Starts the job on the primary, with a model and a catalog. */
    String startJob(ShopGenerator shop, long seed) {
        org.apache.flink.core.fs.Path registry = primary.files().registry();
        String version = "drill-" + seed;
        new ModelTraining(seed, output).train(shop.history(HISTORY_EVENTS), HISTORY_EVENTS, registry, MODEL, version);
        try (FeedSender sender = new FeedSender(primary.kafka(), topicPrefix());
                Stream<CatalogItem> catalog = shop.catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
        new ModelReleases(primary.kafka(), topicPrefix(), primary.epoch()).publish(registry, MODEL, version, "drill");
        String jobId = new RecommendationJobs(primary)
                .submit(new JobLaunch(
                        primary.jobJar(),
                        null,
                        JobLaunch.options(primary, Optional.empty(), topicPrefix(), List.of()),
                        null,
                        false));
        awaitModel(jobId);
        return jobId;
    }

    /** A load that comes before is answered by a fallback, which is no fault of the take-over. */
    private void awaitModel(String jobId) {
        boolean serves = Patience.withFlink(PATIENCE, Duration.ofSeconds(1))
                .until(() ->
                        primary.rest().metricSum(jobId, "rebound.models_serving") >= primary.expectedTaskManagers());
        if (!serves) {
            throw new CommandFailedException("The job on " + A + " serves no model after " + PATIENCE.toSeconds()
                    + " s. Look into " + primary.logs());
        }
    }

    /** What does not run of it, on the ports that it had, with what is on its disks. */
    void startStandby() {
        standby.up(ProgressListener.to(output));
    }

    /** The standby has the job now. */
    void swap() {
        LocalStack before = primary;
        primary = standby;
        standby = before;
    }

    static List<ManagedProcess> processes(LocalStack stack) {
        return stack.status().stream()
                .filter(component -> component.pid().isPresent())
                .map(component -> stack.running(component.name()))
                .toList();
    }

    /** What they were last time: data of another drill would be reconciled with this one's. */
    private void clear() {
        for (LocalStack stack : List.of(primary, standby)) {
            stack.down(ProgressListener.SILENT);
            delete(stack.layout().var());
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path each, IOException failure) throws IOException {
                    Files.delete(each);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete what an earlier drill left in " + folder, e);
        }
    }

    /** Takes both down; what they wrote stays until the next drill. */
    @Override
    public void close() {
        if (keep) {
            return;
        }
        RuntimeException failure = null;
        for (LocalStack stack : List.of(standby, primary)) {
            try {
                stack.down(ProgressListener.to(output));
            } catch (CommandFailedException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
