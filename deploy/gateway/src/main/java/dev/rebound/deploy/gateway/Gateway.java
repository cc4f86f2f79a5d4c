package dev.rebound.deploy.gateway;

import dev.rebound.deploy.gateway.http.GatewayMetrics;
import dev.rebound.deploy.gateway.http.GatewayServer;
import dev.rebound.deploy.gateway.live.EventSender;
import dev.rebound.deploy.gateway.live.LiveAnswers;
import dev.rebound.deploy.gateway.local.LocalState;
import dev.rebound.deploy.gateway.serving.Answers;
import dev.rebound.deploy.gateway.settings.GatewaySettings;
import dev.rebound.deploy.site.KafkaCluster;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A gateway that serves: put together, and taken apart in the order that loses nothing. */
public final class Gateway implements AutoCloseable {
    private static final int THREADS = 4;
    private static final Duration END = Duration.ofSeconds(10);

    private final LocalState local;
    private final LiveAnswers live;
    private final EventSender events;
    private final ExecutorService threads;
    private final GatewayServer server;

    private Gateway(GatewaySettings settings, KafkaCluster kafka, String topicPrefix) {
        this.local = LocalState.open(settings.folder(), kafka, topicPrefix);
        this.live = new LiveAnswers(kafka, topicPrefix);
        this.events = new EventSender(kafka, topicPrefix);
        this.threads = Executors.newFixedThreadPool(THREADS);
        GatewayMetrics metrics = new GatewayMetrics();
        Answers answers = new Answers(live, local.answers(), threads, settings.deadline());
        metrics.gauge("rebound_gateway_waiting_requests", "Requests that wait for their live answer.", live::waiting);
        metrics.gauge(
                "rebound_gateway_reachable",
                "1 if live answers can reach this gateway.",
                () -> live.isReachable() ? 1 : 0);
        metrics.gauge(
                "rebound_gateway_caught_up",
                "1 once all was read that Kafka held at the start.",
                () -> local.isCaughtUp() ? 1 : 0);
        this.server = GatewayServer.start(settings, answers, events, local, metrics);
    }

    /** @throws dev.rebound.deploy.site.CommandFailedException if the port or the folder is taken */
    public static Gateway start(GatewaySettings settings, KafkaCluster kafka, String topicPrefix) {
        return new Gateway(settings, kafka, topicPrefix);
    }

    public int port() {
        return server.port();
    }

    /** Whether all was read that Kafka held at the start. */
    public boolean isCaughtUp() {
        return local.isCaughtUp();
    }

    /** Answers what is under way, sends what was accepted, and ends. */
    @Override
    public void close() {
        try {
            server.close();
        } finally {
            events.close();
            live.close();
            threads.shutdown();
            if (isEnded()) {
                local.close();
            }
        }
    }

    /** Answers that are under way use what is held. */
    private boolean isEnded() {
        try {
            return threads.awaitTermination(END.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
