package dev.rebound.deploy.control.health;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes a small file where checkpoints go, and removes it: quotas, permissions and DataNodes that answer the NameNode and
 * take no blocks show in no figure of HDFS.
 */
final class HdfsWriteProbe implements Callable<Observation.Write> {
    private final URI folder;
    private final Configuration hadoop;

    HdfsWriteProbe(URI folder, Configuration hadoop) {
        this.folder = folder;
        this.hadoop = hadoop;
    }

    @Override
    public Observation.Write call() throws IOException {
        // Of this process alone: two that write one file fail each other.
        String name = "health-of-" + InetAddress.getLocalHost().getHostName() + "-"
                + ProcessHandle.current().pid();
        Path file = new Path(new Path(folder), name);
        try (FileSystem files = FileSystem.newInstance(folder, hadoop)) {
            // A rest that an earlier probe left is written over.
            try (OutputStream out = files.create(file, true)) {
                out.write(1);
            }
            files.delete(file, false);
            return new Observation.Write(folder.toString(), null, false);
        } catch (ClusterStorageCapacityExceededException e) {
            return new Observation.Write(folder.toString(), firstLine(e), true);
        } catch (IOException e) {
            return new Observation.Write(folder.toString(), firstLine(e), false);
        }
    }

    private static String firstLine(IOException problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("");
    }
}
