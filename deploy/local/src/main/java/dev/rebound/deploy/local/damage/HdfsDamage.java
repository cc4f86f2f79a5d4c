package dev.rebound.deploy.local.damage;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Patience;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;

/** HDFS takes no writes, though its processes run. */
public final class HdfsDamage {
    /** A NameNode that has just been started refuses until its DataNode has reported. */
    private static final Patience PATIENCE = Patience.of(Duration.ofMinutes(2), Duration.ofMillis(300))
            .bearing(CommandFailedException.class::isInstance);

    private HdfsDamage() {}

    private interface Action {
        void on(DistributedFileSystem hdfs) throws IOException;
    }

    public static void enterSafeMode(LocalStack stack) {
        with(stack, hdfs -> hdfs.setSafeMode(SafeModeAction.ENTER));
    }

    /** Of a NameNode that does not run there is nothing to leave. */
    static void leaveSafeMode(LocalStack stack) {
        if (stack.isRunning("namenode")) {
            with(stack, hdfs -> hdfs.setSafeMode(SafeModeAction.LEAVE));
        }
    }

    /** Lets a folder have no more than one byte. */
    public static void setQuota(LocalStack stack, String folder) {
        with(stack, hdfs -> hdfs.setQuota(new Path(folder), HdfsConstants.QUOTA_DONT_SET, 1));
    }

    static void clearQuota(LocalStack stack, String folder) {
        stack.start("namenode", ProgressListener.SILENT);
        stack.start("datanode", ProgressListener.SILENT);
        PATIENCE.run(() -> with(
                stack,
                hdfs -> hdfs.setQuota(new Path(folder), HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET)));
    }

    private static void with(LocalStack stack, Action action) {
        try (FileSystem files = stack.openHdfs()) {
            action.on((DistributedFileSystem) files);
        } catch (IOException e) {
            throw new CommandFailedException("HDFS at " + stack.hdfsUri() + " refused: " + e, e);
        }
    }
}
