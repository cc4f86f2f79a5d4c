package dev.rebound.deploy.ops.health;

import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.Progress;
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

/**
 * The health of a site, looked at once or all the time.
 *
 * @param checkpoints the folder of the checkpoints, on HDFS
 * @param zooKeeperQuorum its servers as HOST:PORT; none, where JobManagers need none
 * @param folders whose disks are looked at
 * @param checkpointAge how old the newest complete checkpoint may be
 * @param taskManagers how many there must be; 0 for as many as were seen at once
 */
public record HealthCheck(
        FlinkRest flink,
        String bootstrapServers,
        String topicPrefix,
        URI checkpoints,
        Configuration hadoop,
        List<String> zooKeeperQuorum,
        List<Path> folders,
        Duration checkpointAge,
        int taskManagers) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of clients that would try for minutes: what they have to say must come before the patience is over. */
    private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(6);

    private static final Duration LEAST_CHECKPOINT_AGE = Duration.ofMinutes(1);

    /** @return of a stack that was started once, with the topics of this prefix */
    public static HealthCheck of(LocalStack stack, String topicPrefix) {
        return of(
                FlinkSettings.read(stack.flinkConfDir()),
                stack.rest(),
                stack.bootstrapServers(),
                topicPrefix,
                stack.hdfsSettings(),
                stack.layout().var(),
                LocalStack.TASK_MANAGERS);
    }

    /**
     * @param settings of Flink
     * @param folder whose disk is looked at
     */
    public static HealthCheck of(
            org.apache.flink.configuration.Configuration settings,
            FlinkRest flink,
            String bootstrapServers,
            String topicPrefix,
            Configuration hadoop,
            Path folder,
            int taskManagers) {
        // A few intervals may be missed before somebody is woken.
        Duration checkpointAge = settings.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                .orElse(Duration.ZERO)
                .multipliedBy(5);
        return new HealthCheck(
                flink,
                bootstrapServers,
                topicPrefix,
                URI.create(settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY)),
                impatient(hadoop),
                zooKeeperQuorum(settings),
                List.of(folder),
                checkpointAge.compareTo(LEAST_CHECKPOINT_AGE) < 0 ? LEAST_CHECKPOINT_AGE : checkpointAge,
                taskManagers);
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
        return new HealthCheck(
                flink,
                bootstrapServers,
                topicPrefix,
                checkpoints,
                hadoop,
                zooKeeperQuorum,
                folders,
                checkpointAge,
                number);
    }

    /** Looks once; releases that were refused before count. One for each cause, the gravest first. */
    public List<Diagnosis> look() throws InterruptedException {
        try (Diagnostician diagnostician = diagnostician(Thresholds.of(checkpointAge, taskManagers), true)) {
            return diagnostician.look();
        }
    }

    /**
     * For many looks on a machine that is kept busy on purpose, which explains nothing then; what was counted before the
     * first look is no symptom.
     */
    public Diagnostician underLoad() {
        return diagnostician(Thresholds.of(checkpointAge, taskManagers).onABusyMachine(), false);
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
        try (Diagnostician diagnostician = diagnostician(Thresholds.of(checkpointAge, taskManagers), true);
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

    private Diagnostician diagnostician(Thresholds thresholds, boolean refusedBefore) {
        Clock clock = Clock.systemUTC();
        Observer observer = new Observer(
                new KafkaProbe(bootstrapServers, topicPrefix, CLIENT_PATIENCE),
                new HdfsProbe(checkpoints, hadoop, clock),
                new HdfsWriteProbe(checkpoints, hadoop),
                new JobManagersProbe(flink.within(CLIENT_PATIENCE.dividedBy(2))),
                // Where one hangs there is time to ask the other.
                new FlinkProbe(flink.within(CLIENT_PATIENCE.dividedBy(2)), clock),
                new ZooKeeperProbe(zooKeeperQuorum, CLIENT_PATIENCE),
                new HostProbe(folders),
                PATIENCE,
                clock);
        return new Diagnostician(observer, new SymptomFinder(thresholds, refusedBefore));
    }
}
