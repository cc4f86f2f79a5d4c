package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.ops.console.CommandFailedException;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;

/** HDFS takes no writes for a while, though its processes run: checkpoints fail, and the job goes on. */
final class HdfsFault implements Fault {
    private static final Path ROOT = new Path("/rebound");
    private static final int LEAST_HOLD_MILLIS = 6_000;
    private static final int MOST_HOLD_MILLIS = 12_000;

    /** Why it takes no writes. */
    enum Cause {
        /** Safe mode. */
        READ_ONLY("hdfs-read-only", "the NameNode enters safe mode: checkpoints fail, the job goes on") {
            @Override
            void begin(DistributedFileSystem hdfs) throws IOException {
                hdfs.setSafeMode(SafeModeAction.ENTER);
            }

            @Override
            void end(DistributedFileSystem hdfs) throws IOException {
                hdfs.setSafeMode(SafeModeAction.LEAVE);
            }
        },
        /** A space quota that is used up. */
        FULL("hdfs-full", "the space quota is used up: checkpoints fail, the job goes on") {
            @Override
            void begin(DistributedFileSystem hdfs) throws IOException {
                hdfs.setQuota(ROOT, HdfsConstants.QUOTA_DONT_SET, 1);
            }

            @Override
            void end(DistributedFileSystem hdfs) throws IOException {
                hdfs.setQuota(ROOT, HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET);
            }
        };

        private final String faultName;
        private final String description;

        Cause(String faultName, String description) {
            this.faultName = faultName;
            this.description = description;
        }

        abstract void begin(DistributedFileSystem hdfs) throws IOException;

        abstract void end(DistributedFileSystem hdfs) throws IOException;
    }

    private interface Action {
        void on(DistributedFileSystem hdfs) throws IOException;
    }

    private final Cause cause;

    HdfsFault(Cause cause) {
        this.cause = cause;
    }

    @Override
    public String name() {
        return cause.faultName;
    }

    @Override
    public String description() {
        return cause.description;
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        long struckMillis = System.currentTimeMillis();
        with(target, cause::begin);
        return struckMillis;
    }

    @Override
    public void heal(Target target) {
        with(target, cause::end);
    }

    private void with(Target target, Action action) {
        try (FileSystem files = target.stack().openHdfs()) {
            action.on((DistributedFileSystem) files);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "HDFS at " + target.stack().hdfsUri() + " refused " + name() + ": " + e, e);
        }
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return random.nextInt(LEAST_HOLD_MILLIS, MOST_HOLD_MILLIS);
    }
}
