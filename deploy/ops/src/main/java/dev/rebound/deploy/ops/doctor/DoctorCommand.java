package dev.rebound.deploy.ops.doctor;

import dev.rebound.checkpoints.CheckedSettings;
import dev.rebound.checkpoints.Environment;
import dev.rebound.checkpoints.Finding;
import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.checkpoints.KafkaTransactionSettings;
import dev.rebound.checkpoints.SettingsChecker;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.console.DurationConverter;
import dev.rebound.deploy.ops.health.HealthCheck;
import dev.rebound.deploy.ops.topics.AlertSender;
import dev.rebound.deploy.ops.topics.BrokerLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.CheckpointingOptions;
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
    private static final Duration LEAST_CHECKPOINT_AGE = Duration.ofMinutes(1);

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

    /** @param health components that are not well, and why */
    private record Diagnosis(boolean sound, List<Finding> settings, List<String> health) {}

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        if (watch) {
            health(flinkConf != null ? flinkConf : ClusterOptions.localStack().flinkConfDir())
                    .watch(
                            every,
                            metricsPort,
                            alert -> AlertSender.send(cluster.bootstrapServers(), cluster.topicPrefix(), alert),
                            output);
            return 0;
        }
        Diagnosis diagnosis = flinkConf != null
                ? diagnose(settings(Environment.PRODUCTION, FlinkSettings.read(flinkConf)), List.of())
                : ofLocalStack(ClusterOptions.localStack());
        output.result(diagnosis, out -> print(diagnosis, out));
        return diagnosis.sound() ? 0 : 1;
    }

    private HealthCheck health(Path confDir) {
        Configuration settings = FlinkSettings.read(confDir);
        boolean local = flinkConf == null;
        int wanted = local ? LocalStack.TASK_MANAGERS : 0;
        // A few intervals may be missed before somebody is woken.
        Duration checkpointAge = settings.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                .orElse(Duration.ZERO)
                .multipliedBy(5);
        return new HealthCheck(
                cluster.flink(),
                cluster.bootstrapServers(),
                cluster.topicPrefix(),
                URI.create(settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY)),
                local ? ClusterOptions.localStack().hdfsSettings() : HadoopUtils.getHadoopConfiguration(settings),
                local ? List.of(ClusterOptions.localStack().layout().var()) : List.of(Path.of("/")),
                checkpointAge.compareTo(LEAST_CHECKPOINT_AGE) < 0 ? LEAST_CHECKPOINT_AGE : checkpointAge,
                taskManagers != null ? taskManagers : wanted);
    }

    private Diagnosis ofLocalStack(LocalStack stack) throws InterruptedException {
        List<String> health = new ArrayList<>();
        stack.status()
                .forEach(component -> component
                        .problem()
                        .ifPresent(
                                problem -> health.add(component.name() + ": " + problem + ". Try: rebound stack up")));
        if (!Files.exists(stack.flinkConfDir().resolve(FlinkSettings.FILE_NAME))) {
            health.add("there are no Flink settings yet in " + stack.flinkConfDir() + ". Try: rebound stack up");
            return new Diagnosis(false, List.of(), health);
        }
        health.addAll(health(stack.flinkConfDir()).problems());
        CheckedSettings settings = settings(Environment.LOCAL, FlinkSettings.read(stack.flinkConfDir()));
        boolean brokerAnswers = health.stream().noneMatch(problem -> problem.startsWith("kafka"));
        return diagnose(
                brokerAnswers
                        ? settings.withBrokerTransactionMaximum(
                                BrokerLimits.transactionMaximum(stack.bootstrapServers()))
                        : settings,
                health);
    }

    private CheckedSettings settings(Environment environment, Configuration flink) {
        return CheckedSettings.of(environment, flink, KafkaTransactionSettings.forSite(site));
    }

    private static Diagnosis diagnose(CheckedSettings settings, List<String> health) {
        List<Finding> findings = SettingsChecker.check(settings);
        boolean sound = health.isEmpty()
                && findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        return new Diagnosis(sound, findings, health);
    }

    private static void print(Diagnosis diagnosis, PrintWriter out) {
        diagnosis.settings().forEach(out::println);
        diagnosis.health().forEach(problem -> out.println("HEALTH " + problem));
        out.println(diagnosis.sound() ? "Sound." : "Not sound, see above.");
    }
}
