package dev.rebound.deploy.control.health;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.schemas.Alert;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The health of a site, looked at once or all the time.
 *
 * @param checkpoints the folder of the checkpoints, on HDFS
 * @param zooKeeperQuorum its servers as HOST:PORT; none, where JobManagers need none
 * @param folders whose disks are looked at
 * @param checkpointAge how old the newest complete checkpoint may be
 * @param taskManagers how many there must be; 0 for as many as were seen at once
 * @param siteName with which the transactional ids of its jobs begin
 * @param backups where backups are kept; null where nobody has said it
 */
public record HealthCheck(
        FlinkRest flink,
        KafkaCluster kafka,
        String topicPrefix,
        URI checkpoints,
        Configuration hadoop,
        List<String> zooKeeperQuorum,
        List<Path> folders,
        Duration checkpointAge,
        int taskManagers,
        String siteName,
        @Nullable URI backups,
        HealthLimits limits) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of clients that would try for minutes: what they have to say must come before the patience is over. */
    private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(6);

    private static final Duration LEAST_CHECKPOINT_AGE = Duration.ofMinutes(1);

    /**
     * @param topicPrefix whose topics are looked at
     * @throws CommandFailedException if Flink does not say what it was configured with
     */
    public static HealthCheck of(Site site, String topicPrefix) {
        return of(
                site.flink().settings(),
                site.flink().rest(),
                site.kafka(),
                topicPrefix,
                site.files().hadoop(),
                site.scratch(),
                site.expectedTaskManagers(),
                site.name());
    }

    /**
     * @param settings of Flink
     * @param folder whose disk is looked at
     * @param siteName with which the transactional ids of its jobs begin
     */
    public static HealthCheck of(
            org.apache.flink.configuration.Configuration settings,
            FlinkRest flink,
            KafkaCluster kafka,
            String topicPrefix,
            Configuration hadoop,
            Path folder,
            int taskManagers,
            String siteName) {
        // A few intervals may be missed before somebody is woken.
        Duration checkpointAge = settings.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                .orElse(Duration.ZERO)
                .multipliedBy(5);
        return new HealthCheck(
                flink,
                kafka,
                topicPrefix,
                URI.create(settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY)),
                impatient(hadoop),
                zooKeeperQuorum(settings),
                List.of(folder),
                checkpointAge.compareTo(LEAST_CHECKPOINT_AGE) < 0 ? LEAST_CHECKPOINT_AGE : checkpointAge,
                taskManagers,
                siteName,
                null,
                HealthLimits.DEFAULT);
    }

    private static List<String> zooKeeperQuorum(org.apache.flink.configuration.Configuration settings) {
        String quorum = settings.get(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM);
        return quorum == null || !HighAvailabilityMode.fromConfig(settings).equals(HighAvailabilityMode.ZOOKEEPER)
                ? List.of()
                : List.of(quorum.split(","));
    }

    private static Configuration impatient(Configuration hadoop) {
        Configuration impatient = new Configuration(hadoop);
        int millis = (int) CLIENT_PATIENCE.toMillis();
        impatient.setInt("ipc.client.connect.timeout", millis);
        impatient.setInt("ipc.client.connect.max.retries", 1);
        impatient.setInt("ipc.client.connect.max.retries.on.timeouts", 0);
        impatient.setInt("ipc.client.rpc-timeout.ms", millis);
        impatient.setInt("dfs.client.socket-timeout", millis);
        impatient.setInt("dfs.client.block.write.retries", 0);
        // With ever longer pauses, 6 s in all: a busy DataNode may report a block that late.
        impatient.setInt("dfs.client.block.write.locateFollowingBlock.retries", 4);
        return impatient;
    }

    /** The same with another number of TaskManagers. */
    public HealthCheck withTaskManagers(int number) {
        return with(number, backups, limits);
    }

    /** The same with the backups that are kept there. */
    public HealthCheck withBackups(@Nullable URI target) {
        return with(taskManagers, target, limits);
    }

    /** The same with other limits. */
    public HealthCheck withLimits(HealthLimits others) {
        return with(taskManagers, backups, others);
    }

    private HealthCheck with(int number, @Nullable URI target, HealthLimits others) {
        return new HealthCheck(
                flink,
                kafka,
                topicPrefix,
                checkpoints,
                hadoop,
                zooKeeperQuorum,
                folders,
                checkpointAge,
                number,
                siteName,
                target,
                others);
    }

    /** Looks once; releases that were refused, and restarts, before count. One for each cause, the gravest first. */
    public List<Diagnosis> look() throws InterruptedException {
        return examine().diagnoses();
    }

    /**
     * What one look found.
     *
     * @param notChecked what it could not look at, and why: that is neither sound nor ill
     */
    public record Examined(List<Diagnosis> diagnoses, List<String> notChecked) {}

    /** The same as {@link #look}, telling what was not looked at too. */
    public Examined examine() throws InterruptedException {
        try (Diagnostician diagnostician = diagnostician(thresholds(), true)) {
            Diagnostician.Round round = diagnostician.round();
            return new Examined(round.diagnoses(), round.seen().notChecked());
        }
    }

    private Thresholds thresholds() {
        return Thresholds.of(checkpointAge, taskManagers, limits);
    }

    /**
     * For many looks on a machine that is kept busy on purpose, which explains nothing then; what was counted before the
     * first look is no symptom.
     */
    public Diagnostician underLoad() {
        return diagnostician(thresholds().onABusyMachine(), false);
    }

    /**
     * Looks until it is interrupted, and serves Prometheus on {@code http://127.0.0.1:PORT/metrics}.
     *
     * @param alerts throws a RuntimeException if it cannot deliver
     * @throws IOException if the port is taken
     */
    public void watch(Duration every, int metricsPort, Consumer<Alert> alerts, Progress progress)
            throws IOException, InterruptedException, ExecutionException {
        PrometheusRegistry registry = new PrometheusRegistry();
        HealthMetrics metrics = new HealthMetrics(registry);
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
        try (Diagnostician diagnostician = diagnostician(thresholds(), true);
                HTTPServer server = HTTPServer.builder()
                        .inetAddress(InetAddress.getLoopbackAddress())
                        .port(metricsPort)
                        .registry(registry)
                        .buildAndStart()) {
            progress.progress("figures for Prometheus: http://127.0.0.1:" + server.getPort() + "/metrics");
            HealthWatch watch = new HealthWatch(diagnostician, alerts, metrics::record, progress);
            schedule.scheduleWithFixedDelay(() -> round(watch), 0, every.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
        } finally {
            schedule.shutdownNow();
        }
    }

    private static void round(HealthWatch watch) {
        try {
            watch.round();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Diagnostician diagnostician(Thresholds thresholds, boolean before) {
        Clock clock = Clock.systemUTC();
        Observer observer = new Observer(
                new KafkaProbe(kafka, topicPrefix, CLIENT_PATIENCE),
                new HdfsProbe(checkpoints, hadoop, clock),
                new HdfsWriteProbe(checkpoints, hadoop),
                new JobManagersProbe(flink.within(CLIENT_PATIENCE.dividedBy(2))),
                // Where one hangs there is time to ask the other.
                new FlinkProbe(flink.within(CLIENT_PATIENCE.dividedBy(2)), clock),
                new ZooKeeperProbe(zooKeeperQuorum, CLIENT_PATIENCE),
                new HostProbe(folders),
                new BackupsProbe(backups, hadoop, CLIENT_PATIENCE, clock),
                new TransactionsProbe(kafka, siteName + ".", CLIENT_PATIENCE, clock),
                new ReadersProbe(kafka, topicPrefix, CLIENT_PATIENCE, clock),
                PATIENCE,
                clock);
        return new Diagnostician(observer, new SymptomFinder(thresholds, before));
    }
}
