package dev.rebound.operators.output;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Preconditions;

/**
 * Leaves out what another site's job wrote after the state that this job starts from, and that this job would write again.
 *
 * <p>The ids of those outputs are in a file of 64-bit numbers, big-endian, and nothing else; records without an id pass. Each
 * task reads the whole file when it starts: 11 to 21 bytes of memory an id. It has no state, and the file must stay as long as
 * the job runs with it, since a restart reads it again.
 */
public final class WrittenBefore extends RichFilterFunction<OutputRecord> {
    private static final long serialVersionUID = 1L;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final String uri;
    private transient LongOpenHashSet ids;
    private transient Counter dropped;

    /** @param uri of the file of ids, on any file system that Flink has */
    public WrittenBefore(String uri) {
        this.uri = uri;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        ids = read(new Path(uri));
        dropped = getRuntimeContext().getMetricGroup().addGroup("rebound").counter("outputs_written_before_total");
    }

    private static LongOpenHashSet read(Path file) throws IOException {
        FileSystem files = file.getFileSystem();
        FileStatus status;
        try {
            status = files.getFileStatus(file);
        } catch (FileNotFoundException e) {
            throw new IOException(
                    "There is no file " + file + " of what was written before (--output.written-before)."
                            + " Without it this job would write again what the other site wrote: put it back, or start"
                            + " the job without the option if nothing can come again",
                    e);
        }
        Preconditions.checkArgument(
                status.getLen() % Long.BYTES == 0,
                "%s (--output.written-before) has %s bytes, which are not whole ids of 8: it is damaged or another file",
                file,
                status.getLen());
        int count = Math.toIntExact(status.getLen() / Long.BYTES);
        LongOpenHashSet read = new LongOpenHashSet(count);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(files.open(file), BUFFER_BYTES))) {
            for (int i = 0; i < count; i++) {
                read.add(in.readLong());
            }
        }
        return read;
    }

    @Override
    public boolean filter(OutputRecord record) {
        if (record.id() == OutputRecord.NO_ID || !ids.contains(record.id())) {
            return true;
        }
        dropped.inc();
        return false;
    }
}
