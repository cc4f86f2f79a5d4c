package dev.rebound.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.checkpoints.Finding.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsCheckerTest {
    private static final KafkaTransactionSettings KAFKA = KafkaTransactionSettings.forSite("a");

    /** A rule, settings at the edge of what it allows, and settings just beyond. */
    record Case(String rule, UnaryOperator<CheckedSettings> passes, UnaryOperator<CheckedSettings> breaks) {
        @Override
        public String toString() {
            return rule;
        }
    }

    static Stream<Case> rules() {
        return Stream.of(
                values("CHECKPOINTING_IS_ON", "execution.checkpointing.interval", "1 s", "0 s"),
                values("EXACTLY_ONCE", "execution.checkpointing.mode", "EXACTLY_ONCE", "AT_LEAST_ONCE"),
                values("CHECKPOINT_DIRECTORY", "execution.checkpointing.dir", "hdfs://a/c", "file:///tmp/c"),
                values("SAVEPOINT_DIRECTORY", "execution.checkpointing.savepoint-dir", "s3://a/s", "/tmp/s"),
                values("RETAINED_CHECKPOINTS", "execution.checkpointing.num-retained", "2", "1"),
                values(
                        "RETENTION_ON_CANCEL",
                        "execution.checkpointing.externalized-checkpoint-retention",
                        "RETAIN_ON_CANCELLATION",
                        "DELETE_ON_CANCELLATION"),
                values("UNALIGNED_IS_ENABLED", "execution.checkpointing.unaligned.enabled", "true", "false"),
                values("ALIGNED_FIRST", "execution.checkpointing.aligned-checkpoint-timeout", "1 ms", "0 s"),
                values(
                        "FAILED_CHECKPOINTS_ARE_TOLERATED",
                        "execution.checkpointing.tolerable-failed-checkpoints",
                        "1",
                        "0"),
                values("NO_CLAIM", "execution.state-recovery.claim-mode", "NO_CLAIM", "CLAIM"),
                values("ROCKSDB", "state.backend.type", "rocksdb", "hashmap"),
                values("INCREMENTAL_CHECKPOINTS", "execution.checkpointing.incremental", "true", "false"),
                values("NO_CHANGELOG", "state.changelog.enabled", "false", "true"),
                values("RESTARTS_GO_ON", "restart-strategy.type", "exponentialdelay", "none"),
                new Case(
                        "RESTARTS_GO_ON",
                        flink("restart-strategy.type", "fixed-delay", "restart-strategy.fixed-delay.attempts", "10"),
                        flink("restart-strategy.type", "fixed-delay", "restart-strategy.fixed-delay.attempts", "9")),
                values("GENERIC_TYPES_OFF", "pipeline.generic-types", "false", "true"),
                values("MAX_PARALLELISM", "pipeline.max-parallelism", "1", "-1"),
                values("LIBTORCH_OFF_HEAP", "taskmanager.memory.task.off-heap.size", "256 mb", "255 mb"),
                values(
                        "DJL_PARENT_FIRST",
                        "classloader.parent-first-patterns.additional",
                        "com.example.;ai.djl.",
                        "ai.djl.pytorch."),
                values(
                        "JVM_OPTIONS",
                        "env.java.opts.all",
                        "-Dai.djl.offline=true -Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.rebound.schemas",
                        "-Dai.djl.offline=true"),
                values("NO_UPLOAD", "web.submit.enable", "false", "true"),
                values("REST_IS_CLOSED", "rest.bind-address", "127.0.0.1", "0.0.0.0"),
                values("HIGH_AVAILABILITY", "high-availability.type", "kubernetes", "NONE"),
                new Case(
                        "TIMEOUT_OUTLASTS_OUTAGE",
                        kafka(Duration.ofSeconds(3 * (30 + 300 + 600)), Duration.ofMinutes(10)),
                        kafka(Duration.ofSeconds(3 * (30 + 300 + 600) - 1), Duration.ofMinutes(10))),
                new Case(
                        "TIMEOUT_WITHIN_BROKER_MAXIMUM",
                        settings -> settings.withBrokerTransactionMaximum(Duration.ofMinutes(55)),
                        settings -> settings.withBrokerTransactionMaximum(Duration.ofMinutes(54))),
                new Case(
                        "PREFIXES_APART",
                        settings -> settings.withTransactionalIdPrefixes(List.of("a.rec.out.", "a.rec.out-2.")),
                        settings -> settings.withTransactionalIdPrefixes(List.of("a.rec.out", "a.rec.out-2"))),
                new Case(
                        "PREFIXES_APART",
                        settings -> settings.withTransactionalIdPrefixes(List.of("a.rec.x.", "b.rec.x.")),
                        settings -> settings.withTransactionalIdPrefixes(List.of("a.rec.x.", "a.rec.x."))),
                new Case(
                        "OPERATORS_HAVE_UIDS",
                        settings -> settings.withOperatorsWithoutUid(List.of()),
                        settings -> settings.withOperatorsWithoutUid(List.of("scoring"))),
                new Case(
                        "JAVA_VERSION",
                        settings -> settings.withJavaVersion(21),
                        settings -> settings.withJavaVersion(24)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void whatARuleAllowsPasses(Case rule) {
        assertThat(SettingsChecker.check(rule.passes().apply(sound()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void whatARuleForbidsIsFoundByThatRuleAlone(Case rule) {
        List<Finding> findings = SettingsChecker.check(rule.breaks().apply(sound()));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule.rule());
            assertThat(finding.key()).isNotBlank();
            assertThat(finding.found()).isNotBlank();
            assertThat(finding.toString()).contains("allowed: ", "set: ");
        });
    }

    @Test
    void everyRuleHasACase() {
        assertThat(rules().map(Case::rule).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        SettingsChecker.rules().stream().map(SettingsRule::name).toList());
    }

    @Test
    void theSettingsOfTheLocalStackAreSound() {
        Configuration local = FlinkSettings.local(
                new LocalEndpoints("hdfs://127.0.0.1:9000", "/rebound", 8081, 6123, Path.of("work"), 2));

        assertThat(SettingsChecker.check(
                        CheckedSettings.of(Environment.LOCAL, local, KafkaTransactionSettings.forSite("local"))
                                .withBrokerTransactionMaximum(Duration.ofHours(2))))
                .isEmpty();
    }

    @Test
    void aLongTransactionOnBrokersOfUnknownLimitIsAWarning() {
        CheckedSettings settings = CheckedSettings.of(Environment.PRODUCTION, FlinkSettings.production(), KAFKA);

        assertThat(SettingsChecker.check(settings)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.key()).isEqualTo("transaction.max.timeout.ms");
            assertThat(finding.set()).contains("3300000");
        });
    }

    @Test
    void aValueThatFlinkCannotReadIsAFindingAndNotAnException() {
        CheckedSettings settings =
                flink("execution.checkpointing.num-retained", "three").apply(sound());

        assertThat(SettingsChecker.check(settings))
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).isEqualTo("three"));
    }

    @Test
    void anEmptyConfigurationIsToldWhatIsMissingErrorsFirst() {
        List<Finding> findings = SettingsChecker.check(
                new CheckedSettings(Environment.LOCAL, new Configuration(), KAFKA, null, List.of(), List.of(), 17));

        assertThat(findings)
                .extracting(Finding::rule)
                .contains("CHECKPOINTING_IS_ON", "CHECKPOINT_DIRECTORY", "ROCKSDB", "MAX_PARALLELISM");
        assertThat(findings).extracting(Finding::severity).isSorted();
        assertThat(findings).anySatisfy(finding -> assertThat(finding.found()).startsWith("not set"));
    }

    private static CheckedSettings sound() {
        return CheckedSettings.of(Environment.PRODUCTION, FlinkSettings.production(), KAFKA)
                .withBrokerTransactionMaximum(Duration.ofHours(2))
                .withJavaVersion(17);
    }

    private static Case values(String rule, String key, String passes, String breaks) {
        return new Case(rule, flink(key, passes), flink(key, breaks));
    }

    private static UnaryOperator<CheckedSettings> flink(String... keysAndValues) {
        return settings -> {
            Configuration changed = new Configuration(settings.flink());
            for (int i = 0; i < keysAndValues.length; i += 2) {
                changed.setString(keysAndValues[i], keysAndValues[i + 1]);
            }
            return new CheckedSettings(
                    settings.environment(),
                    changed,
                    settings.transactions(),
                    settings.brokerTransactionMaximum(),
                    settings.transactionalIdPrefixes(),
                    settings.operatorsWithoutUid(),
                    settings.javaVersion());
        };
    }

    private static UnaryOperator<CheckedSettings> kafka(Duration timeout, Duration outage) {
        return settings -> new CheckedSettings(
                settings.environment(),
                settings.flink(),
                new KafkaTransactionSettings("a", timeout, outage),
                settings.brokerTransactionMaximum(),
                settings.transactionalIdPrefixes(),
                settings.operatorsWithoutUid(),
                settings.javaVersion());
    }
}
