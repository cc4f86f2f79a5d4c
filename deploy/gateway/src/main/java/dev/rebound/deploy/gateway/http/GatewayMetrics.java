package dev.rebound.deploy.gateway.http;

import dev.rebound.deploy.gateway.answer.AnswerSource;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.DoubleSupplier;

/** What a gateway does, for Prometheus. */
public final class GatewayMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter responses;
    private final Counter answers;
    private final Histogram answerSeconds;
    private final Counter late;
    private final Counter events;

    public GatewayMetrics() {
        responses = Counter.builder()
                .name("rebound_gateway_responses_total")
                .help("HTTP responses, by route and status.")
                .labelNames("route", "status")
                .register(registry);
        answers = Counter.builder()
                .name("rebound_gateway_answers_total")
                .help("Recommendations, by where they come from.")
                .labelNames("source")
                .register(registry);
        answerSeconds = Histogram.builder()
                .name("rebound_gateway_answer_seconds")
                .help("From the whole request to its answer.")
                .classicOnly()
                .classicUpperBounds(.002, .005, .01, .015, .02, .03, .04, .06, .08, .1, .15, .2, .3, .5, 1)
                .register(registry);
        late = Counter.builder()
                .name("rebound_gateway_late_total")
                .help("Answers more than 50 ms after their deadline.")
                .register(registry);
        events = Counter.builder()
                .name("rebound_gateway_events_total")
                .help("Events that Kafka has.")
                .register(registry);
    }

    /** Shows a number that is asked for each time. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.getAsDouble()))
                .register(registry);
    }

    void responded(String route, int status) {
        responses.labelValues(route, String.valueOf(status)).inc();
    }

    void answered(AnswerSource source, double seconds, boolean isLate) {
        answers.labelValues(source.inJson()).inc();
        answerSeconds.observe(seconds);
        if (isLate) {
            late.inc();
        }
    }

    void accepted(int count) {
        events.inc(count);
    }

    byte[] text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
