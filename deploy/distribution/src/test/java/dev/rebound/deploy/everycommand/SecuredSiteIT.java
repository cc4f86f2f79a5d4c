package dev.rebound.deploy.everycommand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.LongTest;
import dev.rebound.deploy.everycommand.ReboundCommand.Ended;
import dev.rebound.deploy.official.InstalledFlink;
import dev.rebound.deploy.official.KeyStoreFile;
import dev.rebound.deploy.official.OfficialFlink;
import dev.rebound.deploy.official.RunningOfficialFlink;
import dev.rebound.deploy.official.Site;
import dev.rebound.deploy.official.Site.Kerberos;
import dev.rebound.deploy.official.Site.MutualTls;
import dev.rebound.deploy.secured.KafkaRights;
import dev.rebound.deploy.secured.KafkaUser;
import dev.rebound.deploy.secured.SecuredHdfs;
import dev.rebound.deploy.secured.SecuredKafka;
import dev.rebound.deploy.secured.SecuredServers;
import dev.rebound.deploy.secured.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every command on a site of which each part asks who comes: Kafka for a password over TLS, and grants the least rights; Flink
 * for a certificate; HDFS for a Kerberos ticket. No secret is in the site's file.
 */
@LongTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredSiteIT {
    private static final int TASK_MANAGERS = 2;
    /** Ten seconds on a machine that does nothing else; the output tells how long each took. */
    private static final Duration WHILE_SOMEBODY_WAITS = Duration.ofSeconds(30);

    private static final String NAME = "secured";
    private static final KafkaRights RIGHTS = new KafkaRights("secured.", "rebound", NAME);

    @RegisterExtension
    static final SecuredServers SERVERS = SecuredServers.shared();

    private static Path folder;
    private static RunningOfficialFlink flink;
    private static KeyStoreFile shown;

    private final SecuredKafka kafka = SERVERS.kafka();
    private final SecuredHdfs hdfs = SERVERS.hdfs();
    private final TestCertificates certificates = SERVERS.certificates();

    @BeforeAll
    static void startFlink() throws Exception {
        OfficialFlink official = OfficialFlink.orSkip();
        folder = Files.createTempDirectory(Path.of("target", "secured").toAbsolutePath(), "site-");
        SERVERS.kafka().grant(RIGHTS.ofRecommendationJob());
        SERVERS.kafka().grant(RIGHTS.ofOperations());
        shown = KeyStoreFile.selfSigned(folder, "rest");
        SecuredHdfs hdfs = SERVERS.hdfs();
        InstalledFlink installed = InstalledFlink.install(
                official,
                folder.resolve("flink"),
                Path.of("target/rebound").toAbsolutePath(),
                Site.of(hdfs.clientFolder(), hdfs.uri().resolve(SecuredHdfs.HOME + "/flink"))
                        .with(new MutualTls(KeyStoreFile.selfSigned(folder, "internal"), shown))
                        .with(new Kerberos(hdfs.keytab(), hdfs.principal(), hdfs.krb5Conf(), "Client")));
        flink = RunningOfficialFlink.start(installed, TASK_MANAGERS);
    }

    @AfterAll
    static void stopFlink() {
        if (flink != null) {
            flink.close();
        }
    }

    @Test
    @Order(1)
    void everyCommandWorksWithItsLoginsAndNoRightMoreThanDocumented() throws Exception {
        EveryCommand operators = new EveryCommand(
                rebound(described()),
                folder.resolve("backups").toUri(),
                hdfs.uri().resolve(SecuredHdfs.HOME + "/restored"));
        operators.prepareTheSite();
        operators.start();
        operators.release();
        operators.upgrade();
        operators.rollBack();
        operators.restore();
    }

    @Test
    @Order(2)
    void aMissingRightOnTransactionsIsNamed() throws Exception {
        AclBinding right = RIGHTS.ofOperations().stream()
                .filter(each -> each.pattern().resourceType() == ResourceType.TRANSACTIONAL_ID)
                .findFirst()
                .orElseThrow();
        kafka.revoke(right);
        try {
            assertRefused(described(), "transactional ids", NAME + ".");
        } finally {
            kafka.grant(List.of(right));
        }
    }

    @Test
    @Order(2)
    void aWrongPasswordOfKafkaIsNamed() throws Exception {
        Path wrong = properties("wrong.properties", kafka.client(KafkaUser.OPERATIONS, "wrong"));

        assertRefused(described().with("kafka.properties-file", wrong), "sasl.jaas.config");
    }

    @Test
    @Order(2)
    void anExpiredCertificateOfTheBrokersIsNamed() throws Exception {
        assertRefused(
                described().with("kafka.bootstrap-servers", kafka.expiredBootstrapServers()),
                "ssl.truststore",
                "expired");
    }

    @Test
    @Order(2)
    void anExpiredCertificateForKafkaIsNamed() throws Exception {
        Properties expired = kafka.client(KafkaUser.OPERATIONS);
        expired.putAll(SecuredKafka.showing(certificates.expiredClient()));

        assertRefused(
                described().with("kafka.properties-file", properties("expired.properties", expired)),
                "ssl.keystore",
                "expired");
    }

    @Test
    @Order(2)
    void anExpiredCertificateForFlinkIsNamed() throws Exception {
        assertRefused(
                described()
                        .with("flink.key-store.file", certificates.expiredClient())
                        .with("flink.key-store.password", TestCertificates.PASSWORD),
                "flink.key-store",
                "expired");
    }

    @Test
    @Order(2)
    void aCertificateThatFlinkDoesNotKnowIsNamed() throws Exception {
        assertRefused(
                described()
                        .with("flink.key-store.file", certificates.client())
                        .with("flink.key-store.password", TestCertificates.PASSWORD),
                "flink.key-store");
    }

    @Test
    @Order(2)
    void aWrongPasswordOfAKeyStoreIsNamed() throws Exception {
        assertRefused(described().with("flink.key-store.password", "wrong"), "flink.key-store", "password");
    }

    @Test
    @Order(2)
    void aMissingSecretIsNamed() throws Exception {
        Ended check = rebound(described().with("flink.key-store.password", "${env:NOT_SET}"))
                .run("site", "check");

        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.err()).contains("flink.key-store.password", "NOT_SET");
    }

    @Test
    @Order(2)
    void aMissingKeytabIsNamed() throws Exception {
        assertRefused(described().with("files.keytab", folder.resolve("missing.keytab")), "files.keytab");
    }

    @Test
    @Order(2)
    void aKeytabOfAnotherIsNamed() throws Exception {
        assertRefused(described().with("files.keytab", hdfs.otherKeytab()), "files.keytab");
    }

    /** One error, on the part that it is about, while somebody waits for it. */
    private void assertRefused(SiteDescription site, String... says) throws IOException, InterruptedException {
        Ended check = rebound(site).run("site", "check");

        assertThat(check.exit()).isEqualTo(1);
        assertThat(EveryCommand.wrong(check.json())).singleElement().asString().contains(says);
        assertThat(check.took()).isLessThan(WHILE_SOMEBODY_WAITS);
    }

    private ReboundCommand rebound(SiteDescription site) throws IOException {
        return new ReboundCommand(folder, site.write(folder), Map.of("FLINK_KEY_PASSWORD", shown.password()));
    }

    private SiteDescription described() throws IOException {
        return new SiteDescription(Map.of())
                .with("name", NAME)
                .with("kafka.bootstrap-servers", kafka.bootstrapServers())
                .with("kafka.properties-file", properties("ops.properties", kafka.client(KafkaUser.OPERATIONS)))
                .with("kafka.job-properties-file", properties("job.properties", kafka.client(KafkaUser.JOB)))
                .with("topics.prefix", RIGHTS.topicPrefix())
                .with("topics.partitions", 2)
                .with("topics.replication", 1)
                .with("flink.rest", flink.flink().rest())
                .with("flink.key-store.file", shown.file())
                .with("flink.key-store.password", "${env:FLINK_KEY_PASSWORD}")
                .with("flink.trust-store.file", shown.trusted())
                .with("flink.trust-store.password", "${env:FLINK_KEY_PASSWORD}")
                .with("files.root", hdfs.uri().resolve(SecuredHdfs.HOME + "/shop"))
                .with("files.hadoop-conf-dir", hdfs.clientFolder())
                .with("files.principal", hdfs.principal())
                .with("files.keytab", hdfs.keytab())
                .with("files.krb5-conf", hdfs.krb5Conf());
    }

    /** Writes properties whose login is in another file, which only its user reads. */
    private static Path properties(String name, Properties client) throws IOException {
        Properties secret = new Properties();
        secret.setProperty("login", client.getProperty("sasl.jaas.config"));
        Path secrets = SecuredKafka.store(secret, folder.resolve(name + ".secret"));
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
        Properties referring = new Properties();
        referring.putAll(client);
        referring.remove("bootstrap.servers");
        referring.setProperty("sasl.jaas.config", "${file:" + secrets + ":login}");
        return SecuredKafka.store(referring, folder.resolve(name));
    }
}
