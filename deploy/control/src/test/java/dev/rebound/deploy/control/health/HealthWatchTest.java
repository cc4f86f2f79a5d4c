package dev.rebound.deploy.control.health;

import static dev.rebound.deploy.control.health.Observations.aHealthySite;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.backup.BackupStanding;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class HealthWatchTest {
    private final List<Alert> alerts = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final HealthMetrics metrics = new HealthMetrics(registry);
    private Observation now = aHealthySite().build();

    @Test
    void aRootIsToldOnceAndThenThatItIsOver() throws Exception {
        HealthWatch watch = watch(alerts::add);
        watch.round();
        assertThat(alerts).isEmpty();

        now = aHealthySite().at(10).withoutNameNode().withFailedCheckpoint().build();
        watch.round();
        watch.round();

        assertThat(alerts).singleElement().satisfies(alert -> {
            assertThat(alert.getComponent()).isEqualTo("hdfs");
            assertThat(alert.getReason()).isEqualTo("NAMENODE_UNREACHABLE");
            assertThat(alert.getSeverity()).isEqualTo(AlertSeverity.CRITICAL);
            assertThat(alert.getMessage()).contains("Connection refused", "CHECKPOINTS_FAIL", "no exactly-once output");
            assertThat(alert.getCommand()).contains("rebound stack up");
        });
        now = aHealthySite().at(400).checkpointedAt(395).build();
        watch.round();
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(1).getSeverity()).isEqualTo(AlertSeverity.INFO);
        assertThat(alerts.get(1).getMessage()).contains("NAMENODE_UNREACHABLE").contains("over");
    }

    @Test
    void whatTurnsOutToBeAnEffectIsNotOver() throws Exception {
        HealthWatch watch = watch(alerts::add);
        now = aHealthySite().restarting().build();
        watch.round();
        now = aHealthySite().at(20).restarting().withoutKafka().build();
        watch.round();

        assertThat(alerts).extracting(Alert::getReason).containsExactly("JOB_NOT_RUNNING", "KAFKA_UNREACHABLE");
        assertThat(alerts).extracting(Alert::getSeverity).doesNotContain(AlertSeverity.INFO);
    }

    @Test
    void anAlertWaitsUntilKafkaTakesIt() throws Exception {
        boolean[] away = {true};
        HealthWatch watch = watch(alert -> {
            if (away[0]) {
                throw new IllegalStateException("Kafka is away");
            }
            alerts.add(alert);
        });
        now = aHealthySite().withoutKafka().build();
        watch.round();
        assertThat(said).anyMatch(line -> line.contains("1 alerts wait"));

        away[0] = false;
        now = aHealthySite().at(10).build();
        watch.round();

        assertThat(alerts).extracting(Alert::getReason).containsExactly("KAFKA_UNREACHABLE", "KAFKA_UNREACHABLE");
    }

    @Test
    void prometheusReadsTheRootAndTheFigures() throws Exception {
        now = aHealthySite()
                .at(30)
                .withTaskManagers(0)
                .with(FlinkProbe.FAILED_COMMITS, 2)
                .build();
        watch(alerts::add).round();

        try (HTTPServer server = HTTPServer.builder()
                .inetAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .registry(registry)
                .buildAndStart()) {
            URI address = URI.create("http://127.0.0.1:" + server.getPort() + "/metrics");
            String text = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .body();
            assertThat(text)
                    .contains("rebound_component_up{component=\"kafka\"} 1.0")
                    .contains("rebound_failed_committables{job=\"0123\"} 2.0")
                    .contains("rebound_checkpoint_age_seconds{job=\"0123\"} 30.0")
                    .contains("condition=\"COMMITS_FAILED\"")
                    .contains("condition=\"TASKMANAGERS_MISSING\"");
        }
        now = aHealthySite().at(400).checkpointedAt(395).build();
        // The watch begins anew and so forgets the commits.
        watch(alerts::add).round();
        assertThat(registry.scrape().stream()
                        .filter(family -> family.getMetadata().getName().equals("rebound_health_root_cause")))
                .allMatch(family -> family.getDataPoints().isEmpty());
    }

    @Test
    void whatIsNotLookedAtHasNoFigureAndSaysSo() throws Exception {
        HealthWatch watch = watch(alerts::add);
        now = aHealthySite()
                .withVerifiedBackupOf(Duration.ofMinutes(-5))
                .withOpenTransaction(30, 60)
                .withReadersHeldFor(20)
                .withWatermarkAt(-40)
                .restarted(4)
                .build();
        watch.round();

        assertThat(figure("rebound_backup_verified_age_seconds"))
                .as("never negative")
                .isZero();
        assertThat(figure("rebound_open_transaction_age_seconds")).isEqualTo(30);
        assertThat(figure("rebound_open_transaction_timeout_seconds")).isEqualTo(60);
        assertThat(figure("rebound_readers_held_seconds")).isEqualTo(20);
        assertThat(figure("rebound_readers_held_records")).isEqualTo(7);
        assertThat(figure("rebound_watermark_lag_seconds")).isEqualTo(40);
        assertThat(figure("rebound_job_restarts")).isEqualTo(4);
        assertThat(figure("rebound_answer_p99_seconds")).isEqualTo(0.08);

        now = aHealthySite()
                .withBackups(new BackupStanding(1, null, null, List.of()))
                .withWatermark(Long.MIN_VALUE)
                .build();
        watch.round();
        assertThat(figure("rebound_backup_verified_age_seconds")).isInfinite();
        assertThat(figure("rebound_open_transaction_age_seconds")).isZero();
        assertThat(figure("rebound_watermark_lag_seconds")).isNull();

        now = aHealthySite().withHiddenTransactions().build();
        watch.round();
        watch.round();
        assertThat(said)
                .filteredOn(line -> line.startsWith("not checked: "))
                .containsExactly("not checked: backups: no target", "not checked: open transactions: not to be seen");
        assertThat(figure("rebound_backup_verified_age_seconds")).isNaN();
        assertThat(figure("rebound_open_transaction_age_seconds")).isNaN();
        assertThat(figure("rebound_health_checked", "backups")).isZero();
        assertThat(figure("rebound_health_checked", "transactions")).isZero();
        assertThat(figure("rebound_health_checked", "readers")).isEqualTo(1);
    }

    /** Of the only series, or of that with a label of this value; null where there is none. */
    private Double figure(String name, String... label) {
        return registry.scrape().stream()
                .filter(family -> family.getMetadata().getName().equals(name))
                .flatMap(family -> family.getDataPoints().stream())
                .map(GaugeSnapshot.GaugeDataPointSnapshot.class::cast)
                .filter(point -> Arrays.stream(label)
                        .allMatch(value -> point.getLabels().stream()
                                .anyMatch(each -> each.getValue().equals(value))))
                .map(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
                .findFirst()
                .orElse(null);
    }

    @Test
    void aProbeThatNeverAnswersIsAProblemAndHoldsUpNothing() throws Exception {
        try (Observer observer = new Observer(
                () -> {
                    Thread.sleep(Duration.ofDays(1).toMillis());
                    return new Observation.Kafka(1, List.of());
                },
                () -> {
                    throw new IOException("refused");
                },
                () -> new Observation.Write("/", null, false),
                () -> new Observation.JobManagers(List.of(), 1),
                () -> new Observation.Flink(2, List.of(), Set.of()),
                () -> new Observation.ZooKeeper(List.of(), 0),
                () -> new Observation.Host(1, 0, 0, List.of()),
                () -> {
                    throw new NotCheckedException("nobody has said where they are");
                },
                () -> new Observation.Transactions(0, null),
                List::of,
                Duration.ofMillis(500),
                Clock.systemUTC())) {
            Observation seen = observer.observe();

            assertThat(seen.kafka().problem()).startsWith("no answer within");
            assertThat(seen.hdfs().problem()).isEqualTo("refused");
            assertThat(seen.flink().get()).isPresent();
            assertThat(seen.backups().problem()).isNull();
            assertThat(seen.notChecked()).containsExactly("backups: nobody has said where they are");
        }
    }

    private HealthWatch watch(Consumer<Alert> delivery) {
        Observer observer = new Observer(
                () -> now.kafka()
                        .get()
                        .orElseThrow(() -> new IllegalStateException(now.kafka().problem())),
                () -> now.hdfs()
                        .get()
                        .orElseThrow(() -> new IllegalStateException(now.hdfs().problem())),
                () -> now.write().get().orElseThrow(),
                () -> now.jobManagers().get().orElseThrow(),
                () -> now.flink()
                        .get()
                        .orElseThrow(() -> new IllegalStateException(now.flink().problem())),
                () -> now.zooKeeper().get().orElseThrow(),
                () -> now.host().get().orElseThrow(),
                () -> now.backups().get().orElseThrow(() -> new NotCheckedException("no target")),
                () -> now.transactions().get().orElseThrow(() -> new NotCheckedException("not to be seen")),
                () -> now.readers().get().orElseThrow(),
                Duration.ofMinutes(1),
                () -> now.at());
        return new HealthWatch(
                new Diagnostician(observer, new SymptomFinder(Thresholds.of(Duration.ofMinutes(1), 2), true)),
                delivery,
                metrics::record,
                said::add);
    }
}
