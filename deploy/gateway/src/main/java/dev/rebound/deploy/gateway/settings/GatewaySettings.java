package dev.rebound.deploy.gateway.settings;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway serves.
 *
 * @param port 0 for one that is free
 * @param folder of what it holds; its alone
 * @param deadline of a request that names none
 * @param longestDeadline that a request may name
 * @param maxBodyBytes of a request
 * @param maxConcurrentRequests under way at once; as many more wait, no longer than the deadline
 * @param maxRequestsPerSecond of one caller, by its API key or address
 * @param leastBytesPerSecond of a body that comes
 * @param idleTimeout of a connection
 * @param shutdownTimeout in which requests under way are answered
 * @param tlsKeyStore PKCS 12; null to serve without TLS
 * @param tlsPassword of the key store
 */
public record GatewaySettings(
        String host,
        int port,
        Path folder,
        ApiKeys keys,
        Duration deadline,
        Duration longestDeadline,
        int maxBodyBytes,
        int maxConcurrentRequests,
        int maxRequestsPerSecond,
        long leastBytesPerSecond,
        Duration idleTimeout,
        Duration shutdownTimeout,
        @Nullable Path tlsKeyStore,
        @Nullable String tlsPassword) {

    /** On this machine only, for anybody, without TLS. */
    public static GatewaySettings local(int port, Path folder) {
        return new GatewaySettings(
                "127.0.0.1",
                port,
                folder,
                ApiKeys.none(),
                Duration.ofMillis(150),
                Duration.ofSeconds(1),
                512 * 1024,
                1024,
                10_000,
                1_000,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                null,
                null);
    }

    /** The same with another deadline of a request that names none. */
    public GatewaySettings withDeadline(Duration other) {
        return new GatewaySettings(
                host,
                port,
                folder,
                keys,
                other,
                longestDeadline,
                maxBodyBytes,
                maxConcurrentRequests,
                maxRequestsPerSecond,
                leastBytesPerSecond,
                idleTimeout,
                shutdownTimeout,
                tlsKeyStore,
                tlsPassword);
    }
}
