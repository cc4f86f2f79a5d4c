package dev.rebound.jobs;

import static dev.rebound.jobs.DataflowUnderTest.answered;
import static dev.rebound.jobs.DataflowUnderTest.newestCounts;
import static dev.rebound.jobs.DataflowUnderTest.recommendedItems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole dataflow goes on from savepoints: of another parallelism, and of earlier versions of the code. */
class RestoredSavepointIT {
    private static final int ITEMS = 200;
    private static final int USERS = 50;
    private static final int EVENTS = 2_000;
    private static final int REQUESTS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(4)
            .build());

    @TempDir
    Path folder;

    @BeforeEach
    void forgetResults() {
        DataflowUnderTest.forgetResults();
    }

    @Test
    void everyUserIsKeptWhenTheJobIsRescaled() throws Exception {
        Shop first = new Shop(ITEMS, USERS, EVENTS, REQUESTS);
        String ofTwo = savepointAfter(first, null, 2, first.countsByUser, REQUESTS);
        Shop second = new Shop(ITEMS, USERS, EVENTS, EVENTS, REQUESTS);
        Map<String, Map<String, Long>> both = sum(first.countsByUser, second.countsByUser);
        String ofFour = savepointAfter(second, ofTwo, 4, both, 2 * REQUESTS);
        DataflowUnderTest.forgetResults();
        Shop third = new Shop(ITEMS, USERS, 2 * EVENTS, EVENTS, REQUESTS);

        environment(third, ofFour, 1, false).execute("rescaled");

        assertThat(newestCounts()).isEqualTo(sum(both, third.countsByUser));
        assertThat(answered()).hasSize(REQUESTS);
        assertItemsAreKnown();
    }

    static Stream<String> earlierVersions() {
        return SavepointFixture.versions().stream();
    }

    /** What {@link SavepointFixture} kept of each version. */
    @ParameterizedTest
    @MethodSource("earlierVersions")
    void aSavepointOfAnEarlierVersionIsGoneOnFrom(String version) throws Exception {
        SavepointFixture fixture = SavepointFixture.of(version);
        Shop later = new Shop(ITEMS, USERS, EVENTS, EVENTS, REQUESTS);

        environment(later, fixture.path(), 2, false).execute("restored");

        assertThat(newestCounts()).isEqualTo(sum(fixture.countsByUser(), later.countsByUser));
        assertThat(answered()).hasSize(REQUESTS);
        assertItemsAreKnown();
    }

    /** {@code -Drebound.keep-savepoint=VERSION} adds one to those that later versions must go on from. */
    @Test
    @EnabledIfSystemProperty(named = "rebound.keep-savepoint", matches = ".+")
    void aSavepointOfThisVersionIsKept() throws Exception {
        Shop shop = new Shop(ITEMS, USERS, EVENTS, REQUESTS);
        String savepoint = savepointAfter(shop, null, 2, shop.countsByUser, REQUESTS);

        SavepointFixture kept = SavepointFixture.of(System.getProperty("rebound.keep-savepoint"));
        kept.keep(Path.of(URI.create(savepoint)), shop.countsByUser);

        assertThat(kept.countsByUser()).isEqualTo(shop.countsByUser);
    }

    /** The catalog came before the savepoint. */
    private static void assertItemsAreKnown() throws Exception {
        assertThat(recommendedItems())
                .hasSizeGreaterThan(20)
                .allSatisfy(item -> assertThat(Integer.parseInt(item.substring(1)) % 20)
                        .as("item %s is available", item)
                        .isNotEqualTo(19));
    }

    private String savepointAfter(
            Shop shop,
            @Nullable String restored,
            int parallelism,
            Map<String, Map<String, Long>> countsByUser,
            int requests)
            throws Exception {
        JobClient job = environment(shop, restored, parallelism, true).executeAsync("rescaled-" + parallelism);
        await("all that is applied and answered")
                .atMost(PATIENCE)
                .until(() -> newestCounts().equals(countsByUser) && answered().size() == requests);
        String savepoint = job.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        job.cancel().get();
        return savepoint;
    }

    private StreamExecutionEnvironment environment(
            Shop shop, @Nullable String restored, int parallelism, boolean goesOn) {
        Configuration configuration = DataflowUnderTest.configuration(folder.resolve("checkpoints"));
        if (restored != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, restored);
            // Where the sources of the run before had come to.
            configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        env.enableCheckpointing(200);
        DataflowUnderTest.lay(env, shop, goesOn, UnaryOperator.identity());
        return env;
    }

    private static Map<String, Map<String, Long>> sum(
            Map<String, Map<String, Long>> before, Map<String, Map<String, Long>> after) {
        Map<String, Map<String, Long>> sum = new HashMap<>();
        for (Map<String, Map<String, Long>> each : List.of(before, after)) {
            each.forEach((user, counts) -> counts.forEach((type, count) ->
                    sum.computeIfAbsent(user, u -> new HashMap<>()).merge(type, count, Long::sum)));
        }
        return sum;
    }
}
