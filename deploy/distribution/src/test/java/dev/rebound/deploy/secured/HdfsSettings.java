package dev.rebound.deploy.secured;

import dev.rebound.deploy.local.StackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** The configuration files of {@link SecuredHdfs}: those of its clients, and what the servers have beside them. */
final class HdfsSettings {
    private static final String KERBEROS = "kerberos";

    private final Path data;
    private final StackPorts ports;

    HdfsSettings(Path data, StackPorts ports) {
        this.data = data;
        this.ports = ports;
    }

    String defaultFs() {
        return "hdfs://localhost:" + ports.nameNode();
    }

    /** Writes {@code core-site.xml} and {@code hdfs-site.xml} as every client needs them. */
    void writeClient(Path folder) {
        write(core(), folder.resolve("core-site.xml"));
        write(client(), folder.resolve("hdfs-site.xml"));
    }

    /** Writes the files of NameNode and DataNode. */
    void writeServers(Path folder, Path nameNodeKeytab, Path dataNodeKeytab, Path webKeytab, TestCertificates stores) {
        Configuration core = core();
        // Who is in which group is not asked of this machine, which does not know these users.
        core.set("hadoop.user.group.static.mapping.overrides", "nn=hdfs;dn=hdfs;HTTP=hdfs;rebound=rebound;other=other");
        write(core, folder.resolve("core-site.xml"));
        Configuration hdfs = client();
        storage(hdfs);
        addresses(hdfs);
        hdfs.set("dfs.namenode.keytab.file", nameNodeKeytab.toString());
        hdfs.set("dfs.datanode.keytab.file", dataNodeKeytab.toString());
        hdfs.set("dfs.web.authentication.kerberos.principal", TestKdc.principal("HTTP/localhost"));
        hdfs.set("dfs.web.authentication.kerberos.keytab", webKeytab.toString());
        hdfs.setBoolean("dfs.block.access.token.enable", true);
        write(hdfs, folder.resolve("hdfs-site.xml"));
        write(tls(stores), folder.resolve("ssl-server.xml"));
    }

    private Configuration core() {
        Configuration core = new Configuration(false);
        core.set("fs.defaultFS", defaultFs());
        core.set("hadoop.security.authentication", KERBEROS);
        core.setBoolean("hadoop.security.authorization", true);
        core.set("hadoop.rpc.protection", "privacy");
        core.setInt("ipc.client.connect.max.retries", 3);
        return core;
    }

    private static Configuration client() {
        Configuration hdfs = new Configuration(false);
        hdfs.set("dfs.namenode.kerberos.principal", TestKdc.principal("nn/localhost"));
        // Else "*": any server that has some key of the realm passes for the NameNode.
        hdfs.set("dfs.namenode.kerberos.principal.pattern", TestKdc.principal("nn/localhost"));
        hdfs.set("dfs.datanode.kerberos.principal", TestKdc.principal("dn/localhost"));
        hdfs.set("dfs.data.transfer.protection", "privacy");
        hdfs.set("dfs.http.policy", "HTTPS_ONLY");
        hdfs.setInt("dfs.replication", 1);
        hdfs.set("dfs.client.block.write.replace-datanode-on-failure.policy", "NEVER");
        return hdfs;
    }

    private void storage(Configuration hdfs) {
        hdfs.set("dfs.namenode.name.dir", data.resolve("name").toUri().toString());
        hdfs.set("dfs.datanode.data.dir", data.resolve("blocks").toUri().toString());
        hdfs.setInt("dfs.namenode.safemode.extension", 0);
        hdfs.setInt("dfs.namenode.safemode.min.datanodes", 1);
    }

    private void addresses(Configuration hdfs) {
        hdfs.set("dfs.namenode.https-address", "127.0.0.1:" + ports.nameNodeHttp());
        hdfs.set("dfs.datanode.address", "127.0.0.1:" + ports.dataNode());
        hdfs.set("dfs.datanode.ipc.address", "127.0.0.1:" + ports.dataNodeIpc());
        hdfs.set("dfs.datanode.https.address", "127.0.0.1:" + ports.dataNodeHttp());
        hdfs.set("dfs.datanode.hostname", "localhost");
        hdfs.setBoolean("dfs.namenode.datanode.registration.ip-hostname-check", false);
    }

    private static Configuration tls(TestCertificates stores) {
        Configuration tls = new Configuration(false);
        tls.set("ssl.server.keystore.type", TestCertificates.STORE_TYPE);
        tls.set("ssl.server.keystore.location", stores.server().toString());
        tls.set("ssl.server.keystore.password", TestCertificates.PASSWORD);
        tls.set("ssl.server.keystore.keypassword", TestCertificates.PASSWORD);
        tls.set("ssl.server.truststore.type", TestCertificates.STORE_TYPE);
        tls.set("ssl.server.truststore.location", stores.trust().toString());
        tls.set("ssl.server.truststore.password", TestCertificates.PASSWORD);
        return tls;
    }

    private static void write(Configuration configuration, Path file) {
        try {
            Files.createDirectories(file.getParent());
            try (Writer writer = Files.newBufferedWriter(file)) {
                configuration.writeXml(writer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
