package dev.rebound.deploy.secured;

import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.local.StackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/**
 * One broker that speaks TLS, asks for a password (SCRAM-SHA-512) and grants nothing unless it is told to. A client may show
 * a certificate of its own; if it does, it must be a good one.
 */
public final class SecuredKafka implements AutoCloseable {

    private final TestCertificates certificates;
    private final StackPorts ports;
    private final ServerProcess broker;

    private SecuredKafka(Path folder, TestCertificates certificates, StackPorts ports) {
        this.certificates = certificates;
        this.ports = ports;
        Path configuration = store(
                BrokerProperties.of(folder.resolve("data"), ports, certificates), folder.resolve("server.properties"));
        List<String> format = new ArrayList<>(List.of("format", "--standalone"));
        format.addAll(List.of("--cluster-id", Uuid.randomUuid().toString(), "--config", configuration.toString()));
        for (KafkaUser user : KafkaUser.values()) {
            format.add("--add-scram");
            format.add("SCRAM-SHA-512=[name=" + user.userName() + ",password=" + user.password() + "]");
        }
        ServerProcess.run(folder, command("kafka-format", "kafka.tools.StorageTool", format));
        broker = ServerProcess.start(folder, command("kafka", "kafka.Kafka", List.of(configuration.toString())));
    }

    /** Starts it and waits until it answers. */
    static SecuredKafka start(Path folder, TestCertificates certificates) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SecuredKafka started = new SecuredKafka(folder, certificates, StackPorts.free());
        try (Admin admin = Admin.create(started.client(KafkaUser.ADMIN))) {
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(100))
                    .until(started::listens);
            granted(admin);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        } catch (ExecutionException e) {
            started.close();
            throw new IllegalStateException("The broker does not answer; its logs are in " + folder, e);
        } catch (InterruptedException e) {
            started.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the broker started", e);
        }
    }

    private static ServerProcess.Command command(String name, String mainClass, List<String> arguments) {
        List<String> flags = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        return new ServerProcess.Command(name, "kafka", null, flags, mainClass, arguments);
    }

    private boolean listens() {
        broker.requireAlive();
        return ServerProcess.listens(ports.kafka()) && ServerProcess.listens(ports.standbyRest());
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + ports.kafka();
    }

    /** The same broker where it shows a certificate that is no longer valid. */
    public String expiredBootstrapServers() {
        return "127.0.0.1:" + ports.standbyRest();
    }

    /** The properties of a client of this user. */
    public Properties client(KafkaUser user) {
        return client(user, user.password());
    }

    /** The properties of a client that gives this password. */
    public Properties client(KafkaUser user, String password) {
        Properties client = trusting(certificates.trust());
        client.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        client.setProperty(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_SSL");
        client.setProperty(SaslConfigs.SASL_MECHANISM, "SCRAM-SHA-512");
        client.setProperty(SaslConfigs.SASL_JAAS_CONFIG, user.login(password));
        return client;
    }

    /** The trust store's settings, to be put over those of a client. */
    public static Properties trusting(Path trustStore) {
        Properties trust = new Properties();
        trust.setProperty(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, trustStore.toString());
        trust.setProperty(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, TestCertificates.PASSWORD);
        trust.setProperty(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, TestCertificates.STORE_TYPE);
        return trust;
    }

    /** The settings of a client that shows a certificate, to be put over those that it has. */
    public static Properties showing(Path keyStore) {
        Properties key = new Properties();
        key.setProperty(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, keyStore.toString());
        key.setProperty(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, TestCertificates.PASSWORD);
        key.setProperty(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, TestCertificates.STORE_TYPE);
        return key;
    }

    /** Writes properties, for a command or a job that reads a file. */
    public static Path store(Properties properties, Path file) {
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Grants rights, and returns when the broker knows of them. */
    public void grant(Collection<AclBinding> rights) {
        try (Admin admin = Admin.create(client(KafkaUser.ADMIN))) {
            admin.createAcls(rights).all().get();
            await().pollInterval(Duration.ofMillis(20))
                    .until(() -> granted(admin).containsAll(rights));
        } catch (ExecutionException e) {
            throw new IllegalStateException("Can't grant " + rights, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while granting " + rights, e);
        }
    }

    /** Takes a right away, and returns when the broker knows of it. */
    public void revoke(AclBinding right) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client(KafkaUser.ADMIN))) {
            admin.deleteAcls(List.of(right.toFilter())).all().get();
            await().pollInterval(Duration.ofMillis(20))
                    .until(() -> !granted(admin).contains(right));
        }
    }

    private static Collection<AclBinding> granted(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeAcls(AclBindingFilter.ANY).values().get();
    }

    @Override
    public void close() {
        broker.close();
    }
}
