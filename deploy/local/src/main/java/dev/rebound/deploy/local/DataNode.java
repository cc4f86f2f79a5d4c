package dev.rebound.deploy.local;

import dev.rebound.deploy.site.JvmCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;

/** The DataNode of the stack's HDFS. It is well when a file can be written, which takes the NameNode too. */
final class DataNode implements StackComponent {

    private final StackPorts ports;
    private final Hdfs hdfs;

    DataNode(StackPorts ports, Hdfs hdfs) {
        this.ports = ports;
        this.hdfs = hdfs;
    }

    @Override
    public String name() {
        return "datanode";
    }

    @Override
    public List<Integer> ports() {
        return List.of(ports.dataNode(), ports.dataNodeIpc(), ports.dataNodeHttp());
    }

    @Override
    public void prepare() {
        hdfs.renderConfiguration();
    }

    @Override
    public JvmCommand command() {
        return hdfs.jvm("org.apache.hadoop.hdfs.server.datanode.DataNode", name(), List.of());
    }

    @Override
    public Optional<String> problem() {
        if (!StackPorts.taken(ports.dataNode()) || !StackPorts.taken(ports.nameNode())) {
            return Optional.of("DataNode or NameNode do not listen yet");
        }
        try (DistributedFileSystem files = (DistributedFileSystem) hdfs.open()) {
            if (files.getClient().setSafeMode(SafeModeAction.SAFEMODE_GET, false)) {
                return Optional.of("the NameNode is in safe mode");
            }
            if (files.getDataNodeStats(DatanodeReportType.LIVE).length == 0) {
                return Optional.of("no DataNode has reported to the NameNode");
            }
            write(files, new Path("/tmp/rebound-health-" + UUID.randomUUID()));
            return Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            return Optional.of("writing a file fails: " + e.getMessage());
        }
    }

    private static void write(DistributedFileSystem files, Path path) throws IOException {
        try (FSDataOutputStream out = files.create(path)) {
            out.write(1);
        }
        files.delete(path, false);
    }
}
