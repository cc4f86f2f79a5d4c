package dev.rebound.deploy.secured;

import dev.rebound.deploy.local.StackPorts;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/** The {@code server.properties} of {@link SecuredKafka}. */
final class BrokerProperties {
    private static final String CLIENTS = "CLIENTS";
    /** The same as {@link #CLIENTS}, with a certificate that is no longer valid. */
    private static final String EXPIRED = "EXPIRED";

    private static final String CONTROLLER = "CONTROLLER";

    private final Properties properties = new Properties();

    private BrokerProperties() {}

    static Properties of(Path data, StackPorts ports, TestCertificates certificates) {
        BrokerProperties made = new BrokerProperties();
        made.broker(data);
        made.listeners(ports);
        made.tls(certificates);
        made.rights();
        return made.properties;
    }

    private void broker(Path data) {
        set("process.roles", "broker,controller");
        set("node.id", "1");
        set("log.dirs", data.toString());
        set("auto.create.topics.enable", "false");
        set("group.initial.rebalance.delay.ms", "0");
        // As in conf/kafka/server.properties of the distribution: what the sinks ask for is above the broker's default.
        set("transaction.max.timeout.ms", "7200000");
        for (String internal :
                new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            set(internal + ".replication.factor", "1");
            set(internal + ".num.partitions", "4");
        }
        set("transaction.state.log.min.isr", "1");
        set("share.coordinator.state.topic.min.isr", "1");
        set("log.cleaner.dedupe.buffer.size", "33554432");
    }

    private void listeners(StackPorts ports) {
        String clients = CLIENTS + "://127.0.0.1:" + ports.kafka();
        String expired = EXPIRED + "://127.0.0.1:" + ports.standbyRest();
        String controller = CONTROLLER + "://127.0.0.1:" + ports.kafkaController();
        set("listeners", String.join(",", clients, expired, controller));
        set("advertised.listeners", String.join(",", clients, expired));
        set("listener.security.protocol.map", "CLIENTS:SASL_SSL,EXPIRED:SASL_SSL,CONTROLLER:SSL");
        set("inter.broker.listener.name", CLIENTS);
        set("controller.listener.names", CONTROLLER);
        set("controller.quorum.bootstrap.servers", "127.0.0.1:" + ports.kafkaController());
        set("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        set("sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-512");
        for (String listener : new String[] {CLIENTS, EXPIRED}) {
            set(of(listener, "scram-sha-512.sasl.jaas.config"), KafkaUser.ADMIN.login(KafkaUser.ADMIN.password()));
            set(of(listener, "ssl.client.auth"), "requested");
        }
    }

    private void tls(TestCertificates certificates) {
        properties.putAll(SecuredKafka.showing(certificates.server()));
        properties.putAll(SecuredKafka.trusting(certificates.trust()));
        SecuredKafka.showing(certificates.expiredServer())
                .forEach((name, value) -> set(of(EXPIRED, name.toString()), value.toString()));
        // The controller knows no passwords before it has started: who speaks to it shows the server's certificate.
        set(of(CONTROLLER, "ssl.client.auth"), "required");
    }

    private void rights() {
        set("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        set("allow.everyone.if.no.acl.found", "false");
        set("super.users", KafkaUser.ADMIN.principal() + ";" + TestCertificates.serverPrincipal());
    }

    private static String of(String listener, String name) {
        return "listener.name." + listener.toLowerCase(Locale.ROOT) + "." + name;
    }

    private void set(String name, String value) {
        properties.setProperty(name, value);
    }
}
