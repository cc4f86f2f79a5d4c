package dev.rebound.deploy.gateway.command;

import dev.rebound.deploy.gateway.Gateway;
import dev.rebound.deploy.gateway.settings.ApiKeys;
import dev.rebound.deploy.gateway.settings.GatewaySettings;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DurationConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound gateway}. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description = {
            "Serves recommendations, events and profiles over HTTP until it is stopped (Ctrl-C, SIGTERM).",
            "Each request is answered within its deadline: by the job, or else from what the gateway holds on its disk."
                    + " Start as many as you like, each with a --folder of its own; live answers reach as many of them as"
                    + " recommendation-responses has partitions."
        })
public final class GatewayCommand implements Callable<Integer> {
    private static final Duration LONGEST_DEADLINE = Duration.ofSeconds(1);

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Address to serve on (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            defaultValue = "8090",
            description = "0 for one that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Of what it holds (default: gateway-PORT beside the site's data on this machine).")
    private @Nullable Path folder;

    @Option(
            names = "--deadline",
            defaultValue = "150ms",
            converter = DurationConverter.class,
            description = "Of a request that names none (default: ${DEFAULT-VALUE}).")
    private Duration deadline;

    @Option(
            names = "--api-keys",
            paramLabel = "FILE",
            description = "Who may use it: a line for each key, its owner's name and its SHA-256 (default: anybody).")
    private @Nullable Path apiKeys;

    @Option(
            names = "--max-requests-per-second",
            defaultValue = "10000",
            paramLabel = "N",
            description = "Of one caller, by key or address (default: ${DEFAULT-VALUE}).")
    private int maxRequestsPerSecond;

    @Option(names = "--tls-key-store", paramLabel = "FILE", description = "PKCS 12; without it there is no TLS.")
    private @Nullable Path tlsKeyStore;

    @Option(names = "--tls-password-file", paramLabel = "FILE", description = "The password of the key store.")
    private @Nullable Path tlsPasswordFile;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws InterruptedException {
        GatewaySettings settings = settings();
        CountDownLatch stopped = new CountDownLatch(1);
        try (Gateway gateway = Gateway.start(settings, cluster.kafka(), cluster.topicPrefix())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                gateway.close();
                stopped.countDown();
            }));
            String address = (tlsKeyStore == null ? "http" : "https") + "://" + host + ":" + gateway.port();
            output.result(
                    Map.of("address", address), out -> out.println("Serving on " + address + ", see /v1/openapi.yaml"));
            stopped.await();
        }
        return 0;
    }

    private GatewaySettings settings() {
        boolean isOpen = apiKeys == null && !host.equals("127.0.0.1") && !host.equals("localhost");
        if (isOpen) {
            throw new CommandFailedException("Without --api-keys anybody who reaches " + host
                    + " could read profiles and erase users. Give the keys, or serve on 127.0.0.1");
        }
        if (deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new CommandFailedException("--deadline " + deadline.toMillis() + " ms is more than the longest, "
                    + LONGEST_DEADLINE.toMillis() + " ms");
        }
        GatewaySettings local = GatewaySettings.local(
                port, folder == null ? cluster.site().scratch().resolve("data/gateway-" + port) : folder);
        return new GatewaySettings(
                host,
                port,
                local.folder(),
                apiKeys == null ? ApiKeys.none() : ApiKeys.read(apiKeys),
                deadline,
                LONGEST_DEADLINE,
                local.maxBodyBytes(),
                local.maxConcurrentRequests(),
                maxRequestsPerSecond,
                local.leastBytesPerSecond(),
                local.idleTimeout(),
                local.shutdownTimeout(),
                tlsKeyStore,
                password());
    }

    private @Nullable String password() {
        try {
            return tlsPasswordFile == null
                    ? null
                    : Files.readString(tlsPasswordFile).strip();
        } catch (IOException e) {
            throw new CommandFailedException(
                    "--tls-password-file " + tlsPasswordFile + " can't be read: " + e.getMessage(), e);
        }
    }
}
