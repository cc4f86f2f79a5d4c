package dev.rebound.deploy;

import static dev.rebound.deploy.ShopUnderLoad.MODEL;
import static dev.rebound.deploy.ShopUnderLoad.SCORING_TASKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.control.release.FirstOutput;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.operators.release.TrafficSplit;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Models change on the real processes while events flow. {@code -Drebound.swaps=100} swaps as often. */
class ModelReleaseIT {
    private static final double EVENTS_PER_SECOND = 100;
    private static final int HISTORY = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String V1 = "v1";
    private static final String V2 = "v2";

    @RegisterExtension
    static final RunningStack RUNNING = RunningStack.shared();

    private final LocalStack stack = RUNNING.stack();

    private static TestPackages packages;

    @BeforeAll
    static void trainTwoVersions() throws IOException {
        Path registry = RUNNING.stack().files().registry();
        packages = new TestPackages(registry, MODEL);
        train(1, registry, V1);
        train(2, registry, V2);
    }

    private static void train(long seed, Path registry, String version) {
        ShopGenerator shop = ShopGenerator.of(1, ShopUnderLoad.EVENTS);
        new ModelTraining(seed, System.out::println).train(shop.history(HISTORY), HISTORY, registry, MODEL, version);
    }

    /** From when to when every user was answered by the version that the split says, and by which share. */
    private record Phase(String name, long fromMillis, long toMillis, double shareOfV2) {
        boolean has(Recommendation recommendation) {
            return recommendation.getProducedAt() > fromMillis && recommendation.getProducedAt() < toMillis;
        }
    }

    @Test
    void aVersionGoesFromCanaryToLiveAndBackAndEveryUserGetsTheOneThatIsDue() {
        TrafficSplit split = new TrafficSplit(V2, 100);
        List<Phase> phases = new ArrayList<>();
        List<Recommendation> recommendations;
        long canaryAt;
        try (ShopUnderLoad shop = new ShopUnderLoad(stack, "release.", V1, Map.of())) {
            shop.flow(EVENTS_PER_SECOND);
            long settled = System.currentTimeMillis();
            shop.awaitSent(300);

            canaryAt = System.currentTimeMillis();
            phases.add(new Phase("v1 alone", settled, canaryAt, 0));
            String[] registry = {"--registry", shop.registry()};
            command(shop, by(V2), "canary", V2, "--percent", "10", registry[0], registry[1]);
            settled = shop.awaitMetric("canary_percent", 10 * SCORING_TASKS);
            shop.awaitSent(300);

            phases.add(new Phase("canary 10 %", settled, System.currentTimeMillis(), 0.1));
            command(
                    shop,
                    by(V2).and(answer -> split.place(answer.getUserId()) >= 0.1),
                    "canary",
                    V2,
                    "--percent",
                    "50",
                    registry[0],
                    registry[1]);
            settled = shop.awaitMetric("canary_percent", 50 * SCORING_TASKS);
            shop.awaitSent(300);

            phases.add(new Phase("canary 50 %", settled, System.currentTimeMillis(), 0.5));
            command(
                    shop,
                    by(V2).and(answer -> split.place(answer.getUserId()) >= 0.5),
                    "promote",
                    V2,
                    registry[0],
                    registry[1]);
            settled = shop.awaitMetric("canary_percent", 0);
            shop.awaitSent(300);

            phases.add(new Phase("v2 live", settled, System.currentTimeMillis(), 1));
            command(shop, by(V1).and(answer -> split.place(answer.getUserId()) < 0.1), "rollback");
            settled = shop.awaitMetric("models_loaded", SCORING_TASKS);
            shop.awaitSent(300);

            TopicReconciler.Verdict verdict = shop.drain();
            phases.add(new Phase("rolled back", settled, Long.MAX_VALUE, 0));
            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.result().lost()).isZero();
            assertThat(verdict.result().duplicated()).isZero();
            assertThat(shop.metric("model_failures_total")).isZero();
            recommendations = shop.read(Topic.RECOMMENDATIONS, Recommendation.class);
        }
        assertThat(recommendations)
                .filteredOn(by(V2))
                .isNotEmpty()
                .allSatisfy(answer -> assertThat(answer.getProducedAt()).isGreaterThanOrEqualTo(canaryAt));
        for (Phase phase : phases) {
            List<Recommendation> answers = recommendations.stream()
                    .filter(answer -> answer.getScenario() != Scenario.CAMPAIGN)
                    .filter(phase::has)
                    .toList();
            System.out.printf(
                    "%s: %d recommendations, %.1f %% by %s%n",
                    phase.name(),
                    answers.size(),
                    100.0 * answers.stream().filter(by(V2)).count() / Math.max(1, answers.size()),
                    V2);
            assertThat(answers)
                    .as(phase.name())
                    .isNotEmpty()
                    .allSatisfy(answer -> assertThat(answer.getModelVersion())
                            .as("%s at %s", answer.getUserId(), split.place(answer.getUserId()))
                            .isEqualTo(split.place(answer.getUserId()) < phase.shareOfV2() ? V2 : V1));
        }
    }

    private static Predicate<Recommendation> by(String version) {
        return answer -> answer.getModelVersion().equals(version);
    }

    /** Issues a release and tells how long it took until the first output that only it can have made. */
    private void command(ShopUnderLoad shop, Predicate<Recommendation> effect, String... arguments) {
        List<String> all = new ArrayList<>(List.of("model"));
        all.addAll(List.of(arguments));
        try (FirstOutput first = new FirstOutput(stack.kafka(), "release.")) {
            shop.rebound(all.toArray(String[]::new));
            Duration taken = first.await(effect, arguments[0], PATIENCE);
            System.out.printf(
                    "%s: %.2f s from the command to its first output%n", arguments[0], taken.toMillis() / 1e3);
        }
    }

    @Test
    void badPackagesAreRefusedOrContainedAndTheRunningVersionServesOn() throws IOException {
        try (ShopUnderLoad shop = new ShopUnderLoad(stack, "bad.", V1, Map.of("model.max-batch-latency", "200 ms"))) {
            shop.flow(EVENTS_PER_SECOND);
            shop.awaitSent(300);
            for (TestPackages.Case bad : packages.writeBad()) {
                shop.rebound("model", "canary", bad.version(), "--percent", "100", "--registry", shop.registry());
                Alert alert = awaitAlert(shop, bad);
                System.out.println(bad.version() + ": " + alert.getReason() + ", " + alert.getMessage());
                assertThat(alert.getReason()).isEqualTo(bad.reason());
                assertThat(alert.getMessage()).contains(bad.says());
                assertThat(alert.getCommand()).contains(bad.command());
                shop.awaitSent(100);
                shop.rebound("model", "retire", bad.version());
            }
            assertThat(shop.metric("models_serving")).isEqualTo(SCORING_TASKS);

            TopicReconciler.Verdict verdict = shop.drain();

            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.result().lost()).isZero();
            assertThat(verdict.result().duplicated()).isZero();
            assertThat(shop.restarts()).isZero();
            assertThat(shop.metric("users_fallback_total")).isZero();
        }
    }

    private static Alert awaitAlert(ShopUnderLoad shop, TestPackages.Case bad) {
        String subject = MODEL + "/" + bad.version();
        List<Alert> found = new ArrayList<>();
        await("an alert of " + subject).atMost(PATIENCE).until(() -> {
            found.addAll(shop.read(Topic.ALERTS, Alert.class).stream()
                    .filter(alert -> alert.getSubject().equals(subject))
                    .toList());
            return !found.isEmpty();
        });
        return found.get(0);
    }

    @Test
    @LongTest
    void modelsAreSwappedAgainAndAgainAndMemoryStaysFlat() throws IOException {
        int swaps = Integer.getInteger("rebound.swaps", 6);
        // Models of our own and of PyTorch's in turns.
        List<String> versions = List.of(V1, "v3", V2, "v4");
        packages.writeGood(versions.get(1));
        packages.writeGood(versions.get(3));
        try (ShopUnderLoad shop = new ShopUnderLoad(stack, "swap.", V1, Map.of())) {
            shop.flow(EVENTS_PER_SECOND);
            shop.awaitSent(300);
            long quiet = System.currentTimeMillis();
            shop.awaitSent(1_000);
            long swapping = System.currentTimeMillis();
            List<Long> memory = new ArrayList<>();
            for (int swap = 1; swap <= swaps; swap++) {
                // Two are in memory, the live one and the one before: each of the four is loaded anew.
                String version = versions.get(swap % versions.size());
                try (FirstOutput first = new FirstOutput(stack.kafka(), "swap.")) {
                    shop.rebound("model", "promote", version, "--registry", shop.registry());
                    first.await(version, PATIENCE);
                }
                memory.add(residentMiB());
            }
            shop.awaitMetric("model_swaps_total", SCORING_TASKS * (swaps + 1));
            System.out.println("resident MiB of the TaskManagers after each swap: " + memory);
            long swapped = System.currentTimeMillis();
            TopicReconciler.Verdict verdict = shop.drain();
            System.out.printf(
                    "p99 from event to recommendation: %d ms without swaps, %d ms with one every %.1f s%n",
                    shop.latencyP99Millis(quiet, swapping),
                    shop.latencyP99Millis(swapping, swapped),
                    (swapped - swapping) / 1e3 / swaps);

            assertThat(verdict.findings()).isEmpty();
            assertThat(shop.metric("model_failures_total")).isZero();
            assertThat(shop.metric("users_fallback_total")).isZero();
            assertThat(shop.metric("models_loaded")).isEqualTo(2 * SCORING_TASKS);
            // Half of the swaps warm heaps and arenas up; a model that stayed would show in the other half.
            assertThat(memory.get(swaps - 1) - memory.get(swaps / 2))
                    .as("growth, MiB")
                    .isLessThan(128);
        }
    }

    private long residentMiB() {
        return stack.taskManagers().stream()
                .mapToLong(each -> ProcessMemory.residentMiB(each.pid().orElseThrow()))
                .sum();
    }
}
