package dev.rebound.deploy.secured;

import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.local.StackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;

/**
 * A NameNode and a DataNode that ask for Kerberos tickets and encrypt what they say. The user {@code rebound} owns the folder
 * {@link #HOME}, which nobody else may look into.
 */
public final class SecuredHdfs implements AutoCloseable {
    public static final String HOME = "/rebound";

    private static final String CLIENT = "rebound";
    private static final String OTHER = "other";
    private static final String NAME_NODE = "nn/localhost";

    private final Path folder;
    private final TestKdc kdc;
    private final StackPorts ports = StackPorts.free();
    private final HdfsSettings settings;
    private final Path keytab;
    private final Path otherKeytab;
    private final Path nameNodeKeytab;
    private final List<ServerProcess> servers = new ArrayList<>();

    private SecuredHdfs(Path folder, TestKdc kdc, TestCertificates certificates) {
        this.folder = folder;
        this.kdc = kdc;
        settings = new HdfsSettings(folder.resolve("data"), ports);
        keytab = kdc.createPrincipal(CLIENT);
        otherKeytab = kdc.createPrincipal(OTHER);
        nameNodeKeytab = kdc.createPrincipal(NAME_NODE);
        settings.writeClient(clientFolder());
        settings.writeServers(
                serverFolder(),
                nameNodeKeytab,
                kdc.createPrincipal("dn/localhost"),
                kdc.createPrincipal("HTTP/localhost"),
                certificates);
    }

    /** Starts both and waits until files can be written. */
    static SecuredHdfs start(Path folder, TestKdc kdc, TestCertificates certificates) {
        SecuredHdfs started = new SecuredHdfs(folder, kdc, certificates);
        try {
            started.start();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void start() {
        String nameNode = "org.apache.hadoop.hdfs.server.namenode.NameNode";
        ServerProcess.run(folder, command("namenode-format", nameNode, List.of("-format", "-nonInteractive")));
        servers.add(ServerProcess.start(folder, command("namenode", nameNode, List.of())));
        servers.add(ServerProcess.start(
                folder, command("datanode", "org.apache.hadoop.hdfs.server.datanode.DataNode", List.of())));
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    servers.forEach(ServerProcess::requireAlive);
                    return ServerProcess.listens(ports.nameNode());
                });
        try (KerberosClient client = client()) {
            client.as(client.login(TestKdc.principal(NAME_NODE), nameNodeKeytab), files -> {
                await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> isReady((DistributedFileSystem) files));
                return giveHome(files);
            });
        } catch (IOException e) {
            throw new UncheckedIOException("The NameNode refuses itself; its logs are in " + folder, e);
        }
    }

    private boolean isReady(DistributedFileSystem files) throws IOException {
        servers.forEach(ServerProcess::requireAlive);
        return !files.isInSafeMode() && files.getDataNodeStats(DatanodeReportType.LIVE).length == 1;
    }

    private static boolean giveHome(FileSystem files) throws IOException {
        org.apache.hadoop.fs.Path home = new org.apache.hadoop.fs.Path(HOME);
        boolean made = files.mkdirs(home, new FsPermission("700"));
        files.setOwner(home, CLIENT, CLIENT);
        // Of all that a site needs, what only the administrator of HDFS can give: backups copy from snapshots.
        ((DistributedFileSystem) files).allowSnapshot(home);
        return made;
    }

    private ServerProcess.Command command(String name, String mainClass, List<String> arguments) {
        List<String> flags = List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dhadoop.log.dir=" + folder,
                "-Djava.security.krb5.conf=" + kdc.krb5Conf(),
                "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED");
        return new ServerProcess.Command(name, "hadoop", serverFolder(), flags, mainClass, arguments);
    }

    public URI uri() {
        return URI.create(settings.defaultFs());
    }

    /** For {@code HADOOP_CONF_DIR}. */
    public Path clientFolder() {
        return folder.resolve("client-conf");
    }

    private Path serverFolder() {
        return folder.resolve("server-conf");
    }

    /** For {@code -Djava.security.krb5.conf}. */
    public Path krb5Conf() {
        return kdc.krb5Conf();
    }

    /** Who owns {@link #HOME}. */
    public String principal() {
        return TestKdc.principal(CLIENT);
    }

    public Path keytab() {
        return keytab;
    }

    /** Who owns nothing. */
    public String otherPrincipal() {
        return TestKdc.principal(OTHER);
    }

    public Path otherKeytab() {
        return otherKeytab;
    }

    /** This JVM as a client, until closed; one at a time. */
    public KerberosClient client() {
        return new KerberosClient(krb5Conf(), clientFolder());
    }

    @Override
    public void close() {
        servers.forEach(ServerProcess::close);
    }
}
