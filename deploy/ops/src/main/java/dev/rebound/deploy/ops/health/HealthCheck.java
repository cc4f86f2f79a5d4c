package dev.rebound.deploy.ops.health;

import dev.rebound.deploy.local.FlinkRest;
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
import org.apache.hadoop.conf.Configuration;

/**
 * The health of a site, looked at once or all the time.
 *
 * @param folders whose disks are looked at
 * @param checkpointAge how old the newest complete checkpoint may be
 * @param taskManagers how many there must be; 0 for as many as were seen at once
 */
public record HealthCheck(
        FlinkRest flink,
        String bootstrapServers,
        String topicPrefix,
        URI hdfs,
        Configuration hadoop,
        List<Path> folders,
        Duration checkpointAge,
        int taskManagers) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Looks once; what jobs counted since their start counts. One line for each root, the gravest first. */
    public List<String> problems() throws InterruptedException {
        try (Observer observer = observer()) {
            return RootCause.locate(finder().find(observer.observe())).stream()
                    .map(Diagnosis::text)
                    .toList();
        }
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
        try (Observer observer = observer();
                HTTPServer server = HTTPServer.builder()
                        .inetAddress(InetAddress.getLoopbackAddress())
                        .port(metricsPort)
                        .registry(registry)
                        .buildAndStart()) {
            progress.progress("figures for Prometheus: http://127.0.0.1:" + server.getPort() + "/metrics");
            HealthWatch watch = new HealthWatch(observer, finder(), alerts, metrics::record, progress);
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

    private Observer observer() {
        return new Observer(
                new KafkaProbe(bootstrapServers, topicPrefix, PATIENCE),
                new HdfsProbe(hdfs, hadoop, Clock.systemUTC()),
                new FlinkProbe(flink),
                new HostProbe(folders),
                PATIENCE,
                Clock.systemUTC());
    }

    private SymptomFinder finder() {
        return new SymptomFinder(Thresholds.of(checkpointAge, taskManagers));
    }
}
