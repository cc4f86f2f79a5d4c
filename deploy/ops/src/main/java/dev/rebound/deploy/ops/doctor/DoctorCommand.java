package dev.rebound.deploy.ops.doctor;

import dev.rebound.checkpoints.CheckedSettings;
import dev.rebound.checkpoints.Environment;
import dev.rebound.checkpoints.Finding;
import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.checkpoints.KafkaTransactionSettings;
import dev.rebound.checkpoints.SettingsChecker;
import dev.rebound.deploy.local.ComponentStatus;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.console.DurationConverter;
import dev.rebound.deploy.ops.health.Condition;
import dev.rebound.deploy.ops.health.Diagnosis;
import dev.rebound.deploy.ops.health.HealthCheck;
import dev.rebound.deploy.ops.topics.AlertSender;
import dev.rebound.deploy.ops.topics.BrokerLimits;
import dev.rebound.schemas.AlertSeverity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.util.HadoopUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks settings and health, and says what to change; exits with 1 if an error is found.")
public final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--flink-conf",
            paramLabel = "DIR",
            description = "Check the config.yaml in this folder as one of a production site, without any health check.")
    private @Nullable Path flinkConf;

    @Option(
            names = "--site",
            defaultValue = "main",
            description = "Name of the site, part of transactional ids (default: ${DEFAULT-VALUE}).")
    private String site;

    @Option(
            names = "--watch",
            description =
                    "Look again and again until stopped: what is wrong and where it begins, on the topic `alerts` too.")
    private boolean watch;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "Pause between two looks of --watch (default: ${DEFAULT-VALUE}).")
    private Duration every;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            defaultValue = "9250",
            description = "Where --watch serves Prometheus, on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
    private int metricsPort;

    @Option(
            names = "--task-managers",
            paramLabel = "N",
            description =
                    "How many there must be; default: on the local stack those that it starts, else as many as --watch has"
                            + " seen at once.")
    private @Nullable Integer taskManagers;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    /**
     * @param sound whether nothing is graver than a warning
     * @param health what is wrong, each with its impact and the command to run, the gravest first
     */
    private record Report(boolean sound, List<Finding> settings, List<String> health) {}

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        if (watch) {
            health().watch(
                            every,
                            metricsPort,
                            alert -> AlertSender.send(cluster.bootstrapServers(), cluster.topicPrefix(), alert),
                            output);
            return 0;
        }
        Report report = flinkConf != null
                ? report(settings(Environment.PRODUCTION, FlinkSettings.read(flinkConf)), true, List.of())
                : ofLocalStack(ClusterOptions.localStack());
        output.result(report, out -> print(report, out));
        return report.sound() ? 0 : 1;
    }

    private HealthCheck health() {
        HealthCheck health;
        if (flinkConf == null) {
            health = HealthCheck.of(ClusterOptions.localStack(), cluster.topicPrefix());
        } else {
            Configuration settings = FlinkSettings.read(flinkConf);
            health = HealthCheck.of(
                    settings,
                    cluster.flink(),
                    cluster.bootstrapServers(),
                    cluster.topicPrefix(),
                    HadoopUtils.getHadoopConfiguration(settings),
                    Path.of("/"),
                    0);
        }
        return taskManagers == null ? health : health.withTaskManagers(taskManagers);
    }

    private Report ofLocalStack(LocalStack stack) throws InterruptedException {
        if (!Files.exists(stack.flinkConfDir().resolve(FlinkSettings.FILE_NAME))) {
            return new Report(
                    false,
                    List.of(),
                    List.of("there are no Flink settings yet in " + stack.flinkConfDir() + ". Run: rebound stack up"));
        }
        List<Diagnosis> diagnoses = health().look();
        List<String> health = new ArrayList<>();
        diagnoses.forEach(diagnosis -> health.add(diagnosis.text()));
        boolean well = diagnoses.stream()
                .noneMatch(diagnosis -> diagnosis.root().condition().severity() == AlertSeverity.CRITICAL);
        for (ComponentStatus component : stack.status()) {
            if (component.pid().isEmpty()) {
                health.add(component.name() + " does not run. Run: rebound stack up");
                well = false;
            }
        }
        CheckedSettings settings = settings(Environment.LOCAL, FlinkSettings.read(stack.flinkConfDir()));
        boolean brokerAnswers =
                diagnoses.stream().noneMatch(diagnosis -> diagnosis.tellsOf(Condition.KAFKA_UNREACHABLE));
        return report(
                brokerAnswers
                        ? settings.withBrokerTransactionMaximum(
                                BrokerLimits.transactionMaximum(stack.bootstrapServers()))
                        : settings,
                well,
                health);
    }

    private CheckedSettings settings(Environment environment, Configuration flink) {
        return CheckedSettings.of(environment, flink, KafkaTransactionSettings.forSite(site));
    }

    private static Report report(CheckedSettings settings, boolean well, List<String> health) {
        List<Finding> findings = SettingsChecker.check(settings);
        boolean sound = well && findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        return new Report(sound, findings, health);
    }

    private static void print(Report report, PrintWriter out) {
        report.health().forEach(problem -> out.println("HEALTH " + problem));
        report.settings().forEach(out::println);
        out.println(report.sound() ? "Sound." : "Not sound, see above.");
    }
}
