package dev.rebound.checkpoints;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where the processes of a stack on one machine are found; all that {@link FlinkSettings#local}
 * cannot take from the resource files.
 *
 * @param hdfsUri the nameservice or the NameNode, such as {@code hdfs://rebound} or {@code hdfs://127.0.0.1:9000}
 * @param hdfsRoot absolute HDFS folder that checkpoints and savepoints are kept under, such as {@code /rebound}
 * @param restPort port of the JobManager's REST interface, on 127.0.0.1
 * @param jobManagerRpcPort port that the TaskManagers register at, on 127.0.0.1
 * @param workDir folder of this machine for RocksDB, local recovery, blobs and uploads; created by Flink
 * @param taskSlots slots of one TaskManager
 */
public record LocalEndpoints(
        String hdfsUri, String hdfsRoot, int restPort, int jobManagerRpcPort, Path workDir, int taskSlots) {

    public LocalEndpoints {
        URI uri = URI.create(hdfsUri);
        if (!"hdfs".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "hdfsUri is '" + hdfsUri + "', allowed is hdfs://nameservice or hdfs://host:port");
        }
        if (!hdfsRoot.startsWith("/") || hdfsRoot.endsWith("/")) {
            throw new IllegalArgumentException("hdfsRoot is '" + hdfsRoot
                    + "', allowed is an absolute HDFS path without a slash at its end, such as /rebound");
        }
        if (taskSlots < 1) {
            throw new IllegalArgumentException("taskSlots is " + taskSlots + ", allowed is at least 1");
        }
        workDir = workDir.toAbsolutePath().normalize();
    }

    String hdfsPath(String folder) {
        return hdfsUri.replaceAll("/+$", "") + hdfsRoot + "/" + folder;
    }
}
