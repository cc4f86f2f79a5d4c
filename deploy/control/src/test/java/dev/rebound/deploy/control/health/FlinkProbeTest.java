package dev.rebound.deploy.control.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a JobManager that knows a job which ends while it is asked for. */
class FlinkProbeTest {
    private final AtomicInteger lists = new AtomicInteger();
    private HttpServer jobManager;
    private FlinkProbe probe;

    @BeforeEach
    void start() throws IOException {
        jobManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        jobManager.createContext("/jobs/overview", exchange -> {
            String state = lists.incrementAndGet() == 1 ? "RUNNING" : "CANCELED";
            answer(exchange, 200, """
                    {"jobs":[{"jid":"a","name":"job","state":"%s","start-time":1,"end-time":-1},
                     {"jid":"b","name":"rebound-rehearsal","state":"FAILED","start-time":2,"end-time":3}]}""".formatted(state));
        });
        jobManager.createContext("/overview", exchange -> answer(exchange, 200, """
                {"taskmanagers":2,"slots-total":4,"slots-available":4,"jobs-running":0}"""));
        jobManager.createContext("/jobs/a", exchange -> answer(exchange, 404, "no such job"));
        jobManager.start();
        probe = new FlinkProbe(
                new FlinkRest(
                        URI.create("http://127.0.0.1:" + jobManager.getAddress().getPort())),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        jobManager.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** What became of a rehearsal is for the command to say that started it. */
    @Test
    void aJobThatEndsBetweenTwoQuestionsIsNoJobManagerThatIsGone() {
        Observation.Flink seen = probe.call();

        assertThat(seen.taskManagers()).isEqualTo(2);
        assertThat(seen.jobs()).isEmpty();
        assertThat(seen.ended()).containsExactly("job");
    }

    @Test
    void theOneOfSeveralJobManagersThatDoesNotAnswerIsFound() throws IOException {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        URI gone = URI.create("http://127.0.0.1:" + port);
        URI there = URI.create("http://127.0.0.1:" + jobManager.getAddress().getPort());

        Observation.JobManagers seen =
                new JobManagersProbe(new FlinkRest(List.of(gone, there)).within(Duration.ofSeconds(5))).call();

        assertThat(seen.silent()).containsExactly(gone.getAuthority());
        assertThat(seen.anyAnswers()).isTrue();
    }

    @Test
    void aStandbyThatHangsLeavesTimeToAskTheLeader() throws IOException {
        try (ServerSocket hangs = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            lists.set(1);
            FlinkRest both = new FlinkRest(List.of(
                    URI.create("http://127.0.0.1:" + hangs.getLocalPort()),
                    URI.create("http://127.0.0.1:" + jobManager.getAddress().getPort())));

            assertThat(new FlinkProbe(both.within(Duration.ofMillis(300)), Clock.systemUTC())
                            .call()
                            .taskManagers())
                    .isEqualTo(2);
        }
    }

    @Test
    void aJobManagerThatDoesNotAnswerIsToldAtOnce() {
        jobManager.stop(0);

        assertThatThrownBy(probe::call).isInstanceOf(FlinkRestException.class).hasMessageContaining("does not answer");
    }
}
