package dev.rebound.deploy.official;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the lines marked EDIT of {@code flink-production.yaml} depend on.
 *
 * @param hadoopConfDir with core-site.xml and hdfs-site.xml
 * @param folder on HDFS, of checkpoints and savepoints
 * @param tls mutual TLS of the REST interface and between the processes; empty for none
 * @param kerberos how Flink logs in; empty for none
 */
public record Site(Path hadoopConfDir, URI folder, Optional<MutualTls> tls, Optional<Kerberos> kerberos) {

    /** Without TLS and Kerberos. */
    public static Site of(Path hadoopConfDir, URI folder) {
        return new Site(hadoopConfDir, folder, Optional.empty(), Optional.empty());
    }

    public Site with(MutualTls mutualTls) {
        return new Site(hadoopConfDir, folder, Optional.of(mutualTls), kerberos);
    }

    public Site with(Kerberos login) {
        return new Site(hadoopConfDir, folder, tls, Optional.of(login));
    }

    /**
     * Whom the other side of a connection has to be, for both sides.
     *
     * @param internal of what JobManager and TaskManagers say to each other; the two key stores must be the same one, as
     *     Flink demands
     * @param rest of the REST interface, for 127.0.0.1; the command line shows the same certificate
     */
    public record MutualTls(KeyStoreFile internal, KeyStoreFile rest) {}

    /**
     * A login from a key tab.
     *
     * @param contexts of JAAS that use it too, separated by commas; of Flink's security.kerberos.login.contexts
     */
    public record Kerberos(Path keytab, String principal, Path krb5Conf, String contexts) {}

    /** Writes all of it into the settings of a Flink. */
    void edit(EditedYaml yaml) {
        yaml.set("execution.checkpointing.dir", folder + "/checkpoints")
                .set("execution.checkpointing.savepoint-dir", folder + "/savepoints");
        tls.ifPresent(files -> {
            yaml.set("security.ssl.internal.enabled", true);
            files.internal().edit(yaml, "security.ssl.internal.");
            yaml.set("security.ssl.rest.enabled", true).set("security.ssl.rest.authentication-enabled", true);
            files.rest().edit(yaml, "security.ssl.rest.");
        });
        kerberos.ifPresent(login -> yaml.set("security.kerberos.login.use-ticket-cache", false)
                .set("security.kerberos.login.keytab", login.keytab())
                .set("security.kerberos.login.principal", login.principal())
                .set("security.kerberos.login.contexts", login.contexts())
                .append("env.java.opts.all", "-Djava.security.krb5.conf=" + login.krb5Conf()));
    }
}
