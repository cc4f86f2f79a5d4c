package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.control.health.Condition;
import dev.rebound.deploy.control.health.HealthCheck;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * More people ask than can be answered with all the work, and then fewer again; by live clocks, one of which is ahead. The
 * source brings that one back to its own, so that it seems to wait in Flink's buffers alone.
 */
@LongTest
class OverloadLadderIT {
    private static final String PREFIX = "overload.";
    private static final String LIVE = "live";
    private static final String LIGHT = "light";
    private static final String LAST_LIST = "fallback:last-list";
    private static final String TRENDING = "fallback:trending";

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Flink tells of metrics no oftener. */
    private static final Duration METRICS = Duration.ofSeconds(10);

    private static final int FEW = 40;
    private static final int MANY = 1_000;
    private static final int AFTERWARDS = 400;

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack();

    private final LocalStack stack = RUNNING.stack();

    @Test
    void theLadderIsTakenAndLeftAgainAndEverybodyIsAnsweredOnce() throws Exception {
        try (ShopUnderLoad shop = shop();
                LiveRequests requests = new LiveRequests(stack.kafka(), PREFIX)) {
            requests.flow(FEW);
            awaitMade(requests, AFTERWARDS);
            assertThat(shop.metric("overload_step")).isZero();

            awaitOverload(shop, requests);
            assertThat(HealthCheck.of(stack, PREFIX).look())
                    .anyMatch(diagnosis -> diagnosis.tellsOf(Condition.OVERLOADED));

            requests.flow(FEW);
            shop.awaitMetric("overload_step", 0);
            long left = requests.made();
            awaitMade(requests, AFTERWARDS);
            requests.stop();

            TopicReconciler.Verdict verdict = shop.reconcile();
            System.out.println("reconciled: " + verdict.result());
            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.result().lost()).isZero();
            assertThat(verdict.result().duplicated()).isZero();
            assertThat(verdict.result().responses()).isEqualTo(requests.made());
            assertAnsweredByTheLadder(shop.read(Topic.RECOMMENDATIONS, Recommendation.class), left);
        }
    }

    private ShopUnderLoad shop() throws IOException {
        TestPackages packages = new TestPackages(stack.files().registry(), ShopUnderLoad.MODEL);
        packages.writeGood(LIVE);
        packages.writeGood(LIGHT);
        ShopUnderLoad shop =
                new ShopUnderLoad(stack, PREFIX, LIVE, Map.of("scoring.max-wait", "4 s", "scoring.candidates", "1000"));
        shop.rebound("model", "light", LIGHT, "--registry", shop.registry());
        shop.awaitMetric("models_loaded", 2 * ShopUnderLoad.SCORING_TASKS);
        return shop;
    }

    /** Twice as many ask, until each task is so far up the ladder that it scores nobody whose last list it has. */
    private static void awaitOverload(ShopUnderLoad shop, LiveRequests requests) {
        int[] perSecond = {MANY};
        requests.flow(MANY);
        await("overload").atMost(PATIENCE).pollInterval(METRICS).until(() -> {
            double step = shop.metric("overload_step");
            System.out.printf("%d requests/s: overload_step %.0f%n", perSecond[0], step);
            if (step == 0) {
                perSecond[0] *= 2;
                requests.flow(perSecond[0]);
            }
            return step >= 3 * ShopUnderLoad.SCORING_TASKS;
        });
    }

    private static void awaitMade(LiveRequests requests, int more) {
        long until = requests.made() + more;
        await("requests").atMost(PATIENCE).until(() -> requests.made() >= until);
    }

    private static void assertAnsweredByTheLadder(List<Recommendation> answers, long left) {
        Map<String, Long> byVersion = answers.stream()
                .collect(Collectors.groupingBy(Recommendation::getModelVersion, TreeMap::new, Collectors.counting()));
        System.out.println("answers by version: " + byVersion);
        assertThat(byVersion).containsOnlyKeys(LIVE, LIGHT, LAST_LIST, TRENDING);
        assertThat(answers)
                .as("who has the clock that is ahead waits on the same task as others")
                .filteredOn(answer -> answer.getUserId().equals(LiveRequests.AHEAD))
                .extracting(Recommendation::getModelVersion)
                .contains(LAST_LIST);
        assertThat(answers)
                .as("all the work is done again")
                .filteredOn(answer -> number(answer) > left)
                .hasSizeGreaterThanOrEqualTo(AFTERWARDS)
                .extracting(Recommendation::getModelVersion)
                .containsOnly(LIVE);
    }

    private static long number(Recommendation answer) {
        return Long.parseLong(answer.getRequestId().substring(1));
    }
}
