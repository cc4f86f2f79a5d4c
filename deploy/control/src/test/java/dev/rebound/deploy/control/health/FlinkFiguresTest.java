package dev.rebound.deploy.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rebound.deploy.site.FlinkRest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read of a job from the answers of its JobManager, as Flink writes them. */
class FlinkFiguresTest {
    private HttpServer jobManager;
    private String names = """
            [{"id":"user-features.currentInputWatermark"},{"id":"Source__a.currentOutputWatermark"},
             {"id":"user-features.numRecordsIn"},{"id":"scoring.rebound.answer_p99_millis"}]""";
    private String watermark = "1000.0";
    private String restarts = "[{\"id\":\"numRestarts\",\"value\":\"7\"}]";

    @BeforeEach
    void start() throws IOException {
        jobManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        jobManager.createContext("/", this::answer);
        jobManager.start();
    }

    @AfterEach
    void stop() {
        jobManager.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = body(exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String body(URI asked) {
        return switch (asked.getPath()) {
            case "/overview" -> """
                    {"taskmanagers":2,"slots-total":4,"slots-available":0,"jobs-running":1}""";
            case "/jobs/overview" -> """
                    {"jobs":[{"jid":"a","name":"job","state":"RUNNING","start-time":1,"end-time":-1}]}""";
            case "/jobs/a" -> """
                    {"jid":"a","name":"job","state":"RUNNING",
                     "vertices":[{"id":"v","name":"n","parallelism":2,"status":"RUNNING"}]}""";
            case "/jobs/a/checkpoints" -> """
                    {"counts":{"restored":0,"total":0,"in_progress":0,"completed":0,"failed":0},
                     "latest":{"completed":null,"savepoint":null,"failed":null},"history":[]}""";
            case "/jobs/a/exceptions" -> """
                    {"exceptionHistory":{"entries":[{"stacktrace":"a\\nCaused by: b","timestamp":5000}]}}""";
            case "/jobs/a/metrics" -> restarts;
            case "/jobs/a/vertices/v/subtasks/metrics" -> asked.getQuery() == null ? names : """
                        [{"id":"user-features.currentInputWatermark","min":%s,"max":2000.0,"sum":3000.0},
                         {"id":"user-features.numRecordsIn","min":3.0,"max":4.0,"sum":7.0},
                         {"id":"scoring.rebound.answer_p99_millis","min":0.0,"max":250.0,"sum":250.0}]""".formatted(watermark);
            default -> throw new AssertionError("nobody should ask for " + asked);
        };
    }

    private Observation.Job job() {
        URI address = URI.create("http://127.0.0.1:" + jobManager.getAddress().getPort());
        return new FlinkProbe(new FlinkRest(address), Clock.systemUTC())
                .call()
                .jobs()
                .get(0);
    }

    @Test
    void theLastSubtaskIsTheWatermarkAndTheSlowestTheAnswers() {
        Observation.Job job = job();

        assertThat(job.watermarkMillis()).isEqualTo(1_000);
        assertThat(job.watermarkLag(Instant.ofEpochMilli(61_000))).contains(Duration.ofMinutes(1));
        assertThat(job.answerP99()).isEqualTo(Duration.ofMillis(250));
        assertThat(job.sum(FlinkProbe.SIGNALS_READ)).isEqualTo(7);
        assertThat(job.restarts()).isEqualTo(7);
        assertThat(job.failedAt()).containsExactly(Instant.ofEpochSecond(5));
    }

    @Test
    void aSubtaskWithoutAWatermarkIsNotTakenForOneOfLongAgo() {
        watermark = "-9.223372036854775808E18";

        assertThat(job().watermarkMillis()).isEqualTo(Long.MIN_VALUE);
        assertThat(job().watermarkLag(Instant.EPOCH)).isEmpty();
    }

    @Test
    void anEndedInputIsNotAheadOfTheClock() {
        watermark = "9.223372036854775807E18";

        assertThat(job().watermarkLag(Instant.EPOCH)).isEmpty();
    }

    @Test
    void aJobThatMeasuresNoneOfItIsWell() {
        names = "[{\"id\":\"retraining.numRecordsIn\"}]";
        restarts = "[]";

        Observation.Job job = job();

        assertThat(job.watermarkMillis()).isNull();
        assertThat(job.answerP99()).isZero();
        assertThat(job.restarts()).isZero();
    }
}
