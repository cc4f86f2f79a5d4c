package dev.rebound.deploy.lab.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that do not run, as Flink's REST API tells of them. */
class JobConditionTest {
    private static final String JOB = "a1";
    private static final String BROKEN = "java.lang.RuntimeException: task failed\\n\\tat x\\nCaused by: disk full";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> told = new ArrayList<>();
    private HttpServer flink;
    private FlinkRest rest;
    private JobCondition condition;

    @BeforeEach
    void start() throws IOException {
        flink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        flink.createContext("/", exchange -> {
            byte[] body = answers.getOrDefault(exchange.getRequestURI().getPath(), "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        flink.start();
        rest = new FlinkRest(URI.create("http://127.0.0.1:" + flink.getAddress().getPort()));
        condition = new JobCondition(rest, told::add);
    }

    @AfterEach
    void stop() {
        flink.stop(0);
    }

    private void job(String state, String tasks) {
        answers.put("/jobs/" + JOB, """
                {"jid": "%s", "name": "rebound-recommendation", "state": "%s",
                 "vertices": [{"id": "v", "name": "scoring", "parallelism": 1, "status": "%s"}]}""".formatted(JOB, state, tasks));
        answers.put("/jobs/overview", """
                {"jobs": [{"jid": "%s", "name": "rebound-recommendation", "state": "%s",
                 "start-time": 1, "end-time": 2}]}""".formatted(JOB, state));
    }

    private void failedAt(long... millis) {
        List<String> failures = new ArrayList<>();
        for (long each : millis) {
            failures.add("{\"stacktrace\": \"" + BROKEN + "\", \"timestamp\": " + each + "}");
        }
        answers.put("/jobs/" + JOB + "/exceptions", "{\"exceptionHistory\": {\"entries\": " + failures + "}}");
    }

    @Test
    void ofAJobThatRunsNothingIsTold() {
        job("RUNNING", "RUNNING");
        failedAt(100);

        condition.tell(JOB);

        assertThat(told).isEmpty();
        assertThatCode(() -> condition.requireSteadySince(50, JOB))
                .as("it failed once, and goes on")
                .doesNotThrowAnyException();
    }

    @Test
    void aJobThatFailedIsToldAtOnceWithTheCause() {
        job("FAILED", "FAILED");
        failedAt(100);

        assertThatThrownBy(() -> condition.tell(JOB))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageStartingWith("Job a1 is FAILED, since at 1970-01-01T00:00:00.100Z it failed: disk full.")
                .hasMessageContaining("rebound job submit --from-savepoint");
    }

    @Test
    void aJobThatFailedIsFoundWithoutItsId() {
        job("FAILED", "FAILED");

        assertThat(JobCondition.find(rest, null)).isEqualTo(JOB);
    }

    @Test
    void aJobThatRestartsIsToldAtOnceAndOnce() {
        job("RESTARTING", "CANCELED");
        failedAt(100);

        condition.tell(JOB);
        condition.tell(JOB);

        assertThat(told)
                .containsExactly("Job a1 is RESTARTING, since at 1970-01-01T00:00:00.100Z it failed: disk full.");
    }

    @Test
    void whatAJobThatRestartsHasNotWrittenIsNotLost() {
        job("RESTARTING", "CANCELED");
        failedAt(100);

        assertThatThrownBy(() -> condition.requireSteadySince(50, JOB))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("disk full")
                .hasMessageContaining("is not lost");
    }

    @Test
    void aJobThatFailsAgainAndAgainIsNotComparedThoughItRunsJustNow() {
        job("RUNNING", "RUNNING");
        failedAt(100, 90, 10);

        assertThatThrownBy(() -> condition.requireSteadySince(50, JOB)).hasMessageContaining("It failed 2 times since");
        assertThatCode(() -> condition.requireSteadySince(95, JOB)).doesNotThrowAnyException();
    }

    @Test
    void aJobThatWasStoppedOnPurposeIsCompared() {
        job("FINISHED", "FINISHED");
        failedAt();

        condition.tell(JOB);
        condition.requireSteadySince(0, JOB);

        assertThat(told).isEmpty();
    }

    @Test
    void checkpointsThatNoLongerCompleteAreToldOfAJobThatRunsAndOfNoOther() {
        answers.put("/jobs/" + JOB + "/checkpoints/config", "{\"interval\": 1000}");
        answers.put("/jobs/" + JOB + "/checkpoints", """
                {"latest": {"completed": {"id": 7, "trigger_timestamp": 9000, "end_to_end_duration": 1000},
                            "failed": {"id": 8, "failure_message": "safe mode"}}}""");
        CheckpointStall stall = new CheckpointStall(rest);
        job("RUNNING", "RUNNING");

        assertThat(stall.find(JOB, 13_000)).isEmpty();
        assertThat(stall.find(JOB, 13_001))
                .hasValueSatisfying(told -> assertThat(told)
                        .contains("has completed since 1970-01-01T00:00:10Z")
                        .endsWith("The newest failed: safe mode"));
        job("FINISHED", "FINISHED");
        assertThat(stall.find(JOB, 13_001)).isEmpty();
    }
}
