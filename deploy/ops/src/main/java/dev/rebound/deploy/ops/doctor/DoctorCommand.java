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
import dev.rebound.deploy.ops.topics.BrokerLimits;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
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

    @Mixin
    private CommandOutput output;

    /** @param health components that are not well, and why */
    private record Diagnosis(boolean sound, List<Finding> settings, List<String> health) {}

    @Override
    public Integer call() {
        Diagnosis diagnosis = flinkConf != null
                ? diagnose(settings(Environment.PRODUCTION, FlinkSettings.read(flinkConf)), List.of())
                : ofLocalStack(ClusterOptions.localStack());
        output.result(diagnosis, out -> print(diagnosis, out));
        return diagnosis.sound() ? 0 : 1;
    }

    private Diagnosis ofLocalStack(LocalStack stack) {
        List<String> health = new ArrayList<>();
        stack.status()
                .forEach(component -> component
                        .problem()
                        .ifPresent(
                                problem -> health.add(component.name() + ": " + problem + ". Try: rebound stack up")));
        if (health.isEmpty()) {
            health.addAll(JobHealth.problems(stack.rest()));
        }
        if (!Files.exists(stack.flinkConfDir().resolve(FlinkSettings.FILE_NAME))) {
            health.add("there are no Flink settings yet in " + stack.flinkConfDir() + ". Try: rebound stack up");
            return new Diagnosis(false, List.of(), health);
        }
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
