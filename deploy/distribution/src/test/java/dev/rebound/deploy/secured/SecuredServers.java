package dev.rebound.deploy.secured;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A secured Kafka and a secured HDFS, started by the first test class that wants them and up until the last test is over.
 * Register {@link #shared} as a static field. Their folder stays in target/, for its logs.
 */
public final class SecuredServers implements BeforeAllCallback {
    private static final SecuredServers SHARED = new SecuredServers();

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private @Nullable TestCertificates certificates;
    private @Nullable SecuredKafka kafka;
    private @Nullable SecuredHdfs hdfs;

    private SecuredServers() {}

    /** The ones of this JVM; a test class leaves topics, rights and files of its own behind, no others. */
    public static SecuredServers shared() {
        return SHARED;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SecuredServers.class))
                .getOrComputeIfAbsent(SecuredServers.class, key -> started());
    }

    private AutoCloseable started() {
        try {
            Path target = Files.createDirectories(Path.of("target", "secured").toAbsolutePath());
            Path folder = Files.createTempDirectory(target, "servers-");
            certificates = TestCertificates.create(folder.resolve("certificates"));
            kafka = up(SecuredKafka.start(folder.resolve("kafka"), certificates));
            TestKdc kdc = up(TestKdc.start(folder.resolve("kdc")));
            hdfs = up(SecuredHdfs.start(folder.resolve("hdfs"), kdc, certificates));
            return this::stop;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    private <T extends AutoCloseable> T up(T server) {
        running.push(server);
        return server;
    }

    private void stop() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("A server does not stop", e);
            }
        }
    }

    public TestCertificates certificates() {
        return Objects.requireNonNull(certificates);
    }

    public SecuredKafka kafka() {
        return Objects.requireNonNull(kafka);
    }

    public SecuredHdfs hdfs() {
        return Objects.requireNonNull(hdfs);
    }
}
