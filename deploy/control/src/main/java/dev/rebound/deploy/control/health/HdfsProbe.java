package dev.rebound.deploy.control.health;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FsStatus;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.DatanodeInfo;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;

/** Asks the NameNode for its mode, its DataNodes and its room. */
final class HdfsProbe implements Callable<Observation.Hdfs> {
    /** HDFS gives a DataNode up after ten minutes; it reports every three seconds. */
    private static final Duration SILENT = Duration.ofSeconds(15);

    private final URI uri;
    private final Configuration hadoop;
    private final InstantSource clock;

    HdfsProbe(URI uri, Configuration hadoop, InstantSource clock) {
        this.uri = uri;
        this.hadoop = hadoop;
        this.clock = clock;
    }

    @Override
    public Observation.Hdfs call() throws IOException {
        try (FileSystem files = FileSystem.newInstance(uri, hadoop)) {
            if (!(files instanceof DistributedFileSystem hdfs)) {
                throw new IOException(uri + " is no HDFS");
            }
            boolean safeMode = hdfs.getClient().setSafeMode(SafeModeAction.SAFEMODE_GET, false);
            FsStatus room = hdfs.getStatus();
            return new Observation.Hdfs(safeMode, dataNodes(hdfs), room.getCapacity(), room.getRemaining());
        }
    }

    /** Null for a user who may not ask: whether files can be written, which is what counts, is looked at elsewhere. */
    private Observation.@Nullable DataNodes dataNodes(DistributedFileSystem hdfs) throws IOException {
        try {
            DatanodeInfo[] live = hdfs.getDataNodeStats(DatanodeReportType.LIVE);
            int dead = hdfs.getDataNodeStats(DatanodeReportType.DEAD).length;
            long silentSince = clock.millis() - SILENT.toMillis();
            int silent = (int) Arrays.stream(live)
                    .filter(node -> node.getLastUpdate() < silentSince)
                    .count();
            return new Observation.DataNodes(live.length - silent, dead + silent);
        } catch (RemoteException e) {
            if (e.unwrapRemoteException(AccessControlException.class) instanceof AccessControlException) {
                return null;
            }
            throw e;
        }
    }
}
