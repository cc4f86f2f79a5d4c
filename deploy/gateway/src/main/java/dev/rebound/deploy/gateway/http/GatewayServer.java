package dev.rebound.deploy.gateway.http;

import dev.rebound.deploy.gateway.live.EventSender;
import dev.rebound.deploy.gateway.local.LocalState;
import dev.rebound.deploy.gateway.serving.Answers;
import dev.rebound.deploy.gateway.settings.GatewaySettings;
import dev.rebound.deploy.site.CommandFailedException;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.DoSHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.server.handler.QoSHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server, with its limits. */
public final class GatewayServer implements AutoCloseable {
    private static final int MOST_CALLERS = 10_000;
    private static final int MOST_HEADER_BYTES = 8 * 1024;
    private static final int THREADS = 32;

    private final Server server;
    private final ServerConnector connector;

    private GatewayServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /** @throws CommandFailedException if the address can't be bound, or TLS can't be set up */
    public static GatewayServer start(
            GatewaySettings settings, Answers answers, EventSender events, LocalState local, GatewayMetrics metrics) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS);
        threads.setName("gateway-http");
        Server server = new Server(threads);
        server.setErrorHandler(new JsonErrors(metrics));
        ServerConnector connector = new ServerConnector(server, 1, 1, connections(settings));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        server.addConnector(connector);
        server.setHandler(limited(settings, routes(settings, answers, events, local, metrics)));
        server.setStopTimeout(settings.shutdownTimeout().toMillis());
        try {
            server.start();
        } catch (Exception e) {
            throw new CommandFailedException(
                    "The gateway can't serve on " + settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
        }
        return new GatewayServer(server, connector);
    }

    private static Handler routes(
            GatewaySettings settings, Answers answers, EventSender events, LocalState local, GatewayMetrics metrics) {
        Json json = new Json(settings.maxBodyBytes());
        return new Routes(
                answers,
                events,
                local,
                settings.keys(),
                new Bodies(json, settings.deadline(), settings.longestDeadline()),
                json,
                settings.maxBodyBytes(),
                metrics);
    }

    /** Requests that are under way end before the server does; of the others too many at once, or of one caller, are refused. */
    private static Handler limited(GatewaySettings settings, Handler routes) {
        QoSHandler concurrency = new QoSHandler(routes);
        concurrency.setMaxRequestCount(settings.maxConcurrentRequests());
        concurrency.setMaxSuspendedRequestCount(settings.maxConcurrentRequests());
        concurrency.setMaxSuspend(settings.deadline());
        concurrency.setRejectStatusCode(HttpStatus.TOO_MANY_REQUESTS_429);
        // Of a key that is nobody's the address counts: else each made-up one would be a caller of its own.
        Function<Request, String> caller = request -> settings.keys()
                .ownerOf(request.getHeaders().get("X-Api-Key"))
                .filter(owner -> settings.keys().areAsked())
                .orElseGet(() -> Request.getRemoteAddr(request));
        DoSHandler rate = new DoSHandler(
                concurrency,
                caller,
                new DoSHandler.LeakingBucketTrackerFactory(settings.maxRequestsPerSecond()),
                new DoSHandler.StatusRejectHandler(HttpStatus.TOO_MANY_REQUESTS_429),
                MOST_CALLERS);
        return new GracefulHandler(new MinimumDataRateHandler(rate, settings.leastBytesPerSecond(), 0));
    }

    private static ConnectionFactory[] connections(GatewaySettings settings) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        // Ids of users may hold any character, encoded: none of them is a path here.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setRequestHeaderSize(MOST_HEADER_BYTES);
        configuration.setIdleTimeout(settings.idleTimeout().toMillis());
        if (settings.tlsKeyStore() == null) {
            return new ConnectionFactory[] {new HttpConnectionFactory(configuration)};
        }
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(settings.tlsKeyStore().toString());
        tls.setKeyStorePassword(settings.tlsPassword());
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        return new ConnectionFactory[] {new SslConnectionFactory(tls, http.getProtocol()), http};
    }

    /** Where it serves, also where the port was left to the system. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP server did not stop: " + e.getMessage(), e);
        }
    }
}
