package dev.rebound.deploy.cli.doctor;

import dev.rebound.checkpoints.CheckedSettings;
import dev.rebound.checkpoints.Environment;
import dev.rebound.checkpoints.Finding;
import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.checkpoints.KafkaTransactionSettings;
import dev.rebound.checkpoints.SettingsChecker;
import dev.rebound.deploy.control.health.AlertSender;
import dev.rebound.deploy.control.health.Condition;
import dev.rebound.deploy.control.health.Diagnosis;
import dev.rebound.deploy.control.health.HealthCheck;
import dev.rebound.deploy.control.job.JobTransactions;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.topics.BrokerLimits;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DurationConverter;
import dev.rebound.schemas.AlertSeverity;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Option(
            names = "--backup-target",
            paramLabel = "URI",
            description =
                    "Where backups are kept, such as hdfs://other-site/backups: the newest one that was verified is looked"
                            + " for. Default: files.backups of the site; without either they are not checked.")
    private @Nullable URI backupTarget;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Spec
    private CommandSpec command;

    /**
     * @param sound whether nothing is graver than a warning
     * @param health what is wrong, each with its impact and the command to run, the gravest first
     * @param notChecked what could not be looked at, and why: that is neither sound nor ill
     */
    private record Report(boolean sound, List<Finding> settings, List<String> health, List<String> notChecked) {}

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        if (watch) {
            health().watch(
                            every,
                            metricsPort,
                            alert -> AlertSender.send(
                                    cluster.kafka(),
                                    cluster.topicPrefix(),
                                    cluster.site().epoch(),
                                    alert),
                            output);
            return 0;
        }
        Report report = flinkConf != null
                ? report(
                        List.of(settings(Environment.PRODUCTION, FlinkSettings.read(flinkConf))),
                        true,
                        List.of(),
                        List.of())
                : ofSite(cluster.site());
        output.result(report, out -> print(report, out));
        return report.sound() ? 0 : 1;
    }

    private HealthCheck health() {
        HealthCheck health;
        if (flinkConf == null) {
            health = HealthCheck.of(cluster.site(), cluster.topicPrefix());
        } else {
            Configuration settings = FlinkSettings.read(flinkConf);
            health = HealthCheck.of(
                    settings,
                    cluster.flink(),
                    cluster.kafka(),
                    cluster.topicPrefix(),
                    HadoopUtils.getHadoopConfiguration(settings),
                    Path.of("/"),
                    0,
                    cluster.site().name());
        }
        health = health.withBackups(backups()).withLimits(limits.limits());
        return taskManagers == null ? health : health.withTaskManagers(taskManagers);
    }

    private @Nullable URI backups() {
        if (backupTarget != null && backupTarget.getScheme() == null) {
            throw new ParameterException(
                    command.commandLine(),
                    "--backup-target " + backupTarget + " does not say on which file system. Write file://"
                            + backupTarget + " or hdfs://HOST" + backupTarget);
        }
        return backupTarget == null ? cluster.site().backups().orElse(null) : backupTarget;
    }

    private Report ofSite(Site site) throws InterruptedException {
        Configuration flink;
        try {
            flink = site.flink().settings();
        } catch (FlinkRestException e) {
            return new Report(false, List.of(), List.of(String.valueOf(e.getMessage())), List.of());
        }
        if (flink.keySet().isEmpty()) {
            return new Report(
                    false,
                    List.of(),
                    List.of("there are no settings of the local Flink yet. Run: rebound stack up"),
                    List.of());
        }
        HealthCheck.Examined examined = health().examine();
        List<Diagnosis> diagnoses = examined.diagnoses();
        List<String> health = new ArrayList<>();
        diagnoses.forEach(diagnosis -> health.add(diagnosis.text()));
        boolean well = diagnoses.stream()
                .noneMatch(diagnosis -> diagnosis.root().condition().severity() == AlertSeverity.CRITICAL);
        for (String stopped : site.stopped()) {
            health.add(stopped + " does not run. Run: rebound stack up");
            well = false;
        }
        boolean brokerAnswers =
                diagnoses.stream().noneMatch(diagnosis -> diagnosis.tellsOf(Condition.KAFKA_UNREACHABLE));
        List<String> notChecked = new ArrayList<>(examined.notChecked());
        List<CheckedSettings> settings = settings(site, flink, notChecked);
        if (brokerAnswers) {
            Duration maximum = BrokerLimits.transactionMaximum(site.kafka());
            settings.replaceAll(each -> each.withBrokerTransactionMaximum(maximum));
        }
        return report(settings, well, health, notChecked);
    }

    /** With the transactions of each job that runs, as it was told; where none does, with those of a job without options. */
    private List<CheckedSettings> settings(Site site, Configuration flink, List<String> notChecked) {
        List<CheckedSettings> settings = new ArrayList<>();
        try {
            for (KafkaTransactionSettings transactions :
                    JobTransactions.of(site.flink().rest())) {
                settings.add(CheckedSettings.of(site.environment(), flink, transactions));
            }
        } catch (FlinkRestException e) {
            notChecked.add("transaction timeout of the jobs: " + e.getMessage());
        }
        if (settings.isEmpty()) {
            settings.add(settings(site.environment(), flink));
        }
        return settings;
    }

    private CheckedSettings settings(Environment environment, Configuration flink) {
        return CheckedSettings.of(
                environment,
                flink,
                KafkaTransactionSettings.forSite(cluster.site().name()));
    }

    private static Report report(
            List<CheckedSettings> settings, boolean well, List<String> health, List<String> notChecked) {
        // What several jobs have in common is said once.
        List<Finding> findings = settings.stream()
                .flatMap(each -> SettingsChecker.check(each).stream())
                .distinct()
                .toList();
        boolean sound = well && findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        return new Report(sound, findings, health, notChecked);
    }

    private static void print(Report report, PrintWriter out) {
        report.health().forEach(problem -> out.println("HEALTH " + problem));
        report.settings().forEach(out::println);
        report.notChecked().forEach(what -> out.println("NOT CHECKED " + what));
        out.println(report.sound() ? "Sound." : "Not sound, see above.");
    }
}
