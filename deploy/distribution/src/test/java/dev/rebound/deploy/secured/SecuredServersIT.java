package dev.rebound.deploy.secured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.LongTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.KerberosAuthException;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The secured servers let in who they should, and nobody else: else the tests on them would show nothing. */
@LongTest
class SecuredServersIT {
    private static final byte[] CONTENT = "checkpoint".getBytes(StandardCharsets.UTF_8);
    private static final Path FILE = new Path(SecuredHdfs.HOME, "file");

    @RegisterExtension
    static final SecuredServers SERVERS = SecuredServers.shared();

    private final SecuredKafka kafka = SERVERS.kafka();
    private final SecuredHdfs hdfs = SERVERS.hdfs();
    private final TestCertificates certificates = SERVERS.certificates();

    @Test
    void everyUserOfKafkaIsLetInByItsPassword() throws Exception {
        for (KafkaUser user : KafkaUser.values()) {
            assertThat(brokersSeenBy(kafka.client(user))).isEqualTo(1);
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertRefused(kafka.client(KafkaUser.JOB, "wrong"), SaslAuthenticationException.class, "SCRAM-SHA-512");
    }

    @Test
    void anUnknownUserIsRefused() {
        Properties unknown = kafka.client(KafkaUser.JOB);
        unknown.computeIfPresent(
                "sasl.jaas.config", (key, login) -> login.toString().replace("rebound-job", "nobody"));

        assertRefused(unknown, SaslAuthenticationException.class, "SCRAM-SHA-512");
    }

    @Test
    void aBrokerWithACertificateOfAnotherAuthorityIsNotTrusted() {
        Properties client = kafka.client(KafkaUser.JOB);
        client.putAll(SecuredKafka.trusting(certificates.strangersTrust()));

        assertRefused(client, SslAuthenticationException.class, "PKIX path");
    }

    @Test
    void aBrokerWithAnExpiredCertificateIsNotTrusted() {
        Properties client = kafka.client(KafkaUser.JOB);
        client.setProperty("bootstrap.servers", kafka.expiredBootstrapServers());

        assertRefused(client, SslAuthenticationException.class, "NotAfter");
    }

    @Test
    void aClientWithACertificateIsLetInUntilItExpires() throws Exception {
        Properties client = kafka.client(KafkaUser.JOB);
        client.putAll(SecuredKafka.showing(certificates.client()));
        assertThat(brokersSeenBy(client)).isEqualTo(1);

        client.putAll(SecuredKafka.showing(certificates.expiredClient()));
        assertRefused(client, SslAuthenticationException.class, "certificate");
    }

    @Test
    void aClientWithoutTlsGetsNoAnswer() {
        Properties client = kafka.client(KafkaUser.JOB);
        client.setProperty("security.protocol", "SASL_PLAINTEXT");

        assertRefused(client, TimeoutException.class, "");
    }

    private static void assertRefused(Properties client, Class<? extends Exception> with, String says) {
        assertThatThrownBy(() -> brokersSeenBy(client))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(with)
                .satisfies(refused -> assertThat(causes(refused)).contains(says));
    }

    private static String causes(Throwable refused) {
        return refused.getCause() == null ? refused.toString() : refused + ", by " + causes(refused.getCause());
    }

    private static int brokersSeenBy(Properties client) throws ExecutionException, InterruptedException {
        Properties hurried = new Properties();
        hurried.putAll(client);
        hurried.putAll(Map.of("default.api.timeout.ms", "4000", "request.timeout.ms", "3000"));
        try (Admin admin = Admin.create(hurried)) {
            return admin.describeCluster().nodes().get().size();
        }
    }

    @Test
    void aFileIsWrittenAndReadBackWithATicket() throws Exception {
        try (KerberosClient client = hdfs.client()) {
            byte[] read = client.as(client.login(hdfs.principal(), hdfs.keytab()), files -> {
                write(files);
                try (FSDataInputStream in = files.open(FILE)) {
                    return in.readAllBytes();
                }
            });

            assertThat(read).isEqualTo(CONTENT);
        }
    }

    private static boolean write(FileSystem files) throws IOException {
        try (FSDataOutputStream out = files.create(FILE)) {
            out.write(CONTENT);
        }
        return true;
    }

    @Test
    void whoHasATicketOfAnotherMayNotLookIntoTheFolder() throws Exception {
        try (KerberosClient client = hdfs.client()) {
            UserGroupInformation other = client.login(hdfs.otherPrincipal(), hdfs.otherKeytab());

            assertThatThrownBy(() -> client.as(other, SecuredServersIT::write))
                    .isInstanceOf(AccessControlException.class)
                    .hasMessageContaining("Permission denied: user=other");
        }
    }

    @Test
    void aKeytabThatIsMissingOrOfAnotherIsRefused() {
        try (KerberosClient client = hdfs.client()) {
            java.nio.file.Path missing = hdfs.keytab().resolveSibling("missing.keytab");
            for (java.nio.file.Path wrong : List.of(missing, hdfs.otherKeytab())) {
                assertThatThrownBy(() -> client.login(hdfs.principal(), wrong))
                        .isInstanceOf(KerberosAuthException.class)
                        .hasMessageContaining(hdfs.principal());
            }
        }
    }

    @Test
    void whoHasNoTicketIsRefused() {
        try (KerberosClient client = hdfs.client()) {
            UserGroupInformation nobody = UserGroupInformation.createRemoteUser("rebound");

            assertThatThrownBy(() -> client.as(nobody, SecuredServersIT::write))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Client cannot authenticate via:[TOKEN, KERBEROS]");
        }
    }

    @Test
    void aClientThatKnowsNoKerberosIsRefused() {
        Configuration simple = new Configuration(false);
        assertThatThrownBy(() -> {
                    try (FileSystem files = FileSystem.newInstance(hdfs.uri(), simple)) {
                        files.exists(FILE);
                    }
                })
                .isInstanceOf(AccessControlException.class)
                .hasMessageContaining("SIMPLE authentication is not enabled");
    }
}
