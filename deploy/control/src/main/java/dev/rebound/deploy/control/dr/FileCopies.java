package dev.rebound.deploy.control.dr;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;

/**
 * Copies files from one site's file system to the same path of another's. Whoever sees a copy sees all of it, and it is on
 * the disk.
 */
final class FileCopies implements AutoCloseable {
    private static final String TEMPORARY = ".copying";
    /** Most files of a checkpoint are small: what takes long is to wait for the answers. */
    private static final int AT_ONCE = 8;

    private static final int BUFFER_BYTES = 128 * 1024;

    private final FileSystem from;
    private final FileSystem to;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

    FileCopies(FileSystem from, FileSystem to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Copies a file that is never changed, unless it is there with the same length.
     *
     * @param at where it is read, which may be in a snapshot
     * @return bytes that were copied
     * @throws FileNotFoundException if it is gone
     */
    long copy(Path file, Path at) throws IOException {
        Path path = Path.getPathWithoutSchemeAndAuthority(file);
        FileStatus source = from.getFileStatus(Path.getPathWithoutSchemeAndAuthority(at));
        return isThere(path, source.getLen()) ? 0 : copy(path, source);
    }

    /**
     * Copies several such files at once.
     *
     * @param files where each is read, by its path
     */
    long copyAll(Map<Path, Path> files) throws IOException {
        List<Future<Long>> copies = new ArrayList<>();
        files.forEach((file, at) -> copies.add(threads.submit(() -> copy(file, at))));
        long bytes = 0;
        try {
            for (Future<Long> each : copies) {
                bytes += each.get();
            }
            return bytes;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("A file can't be copied: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while files were copied");
        } finally {
            copies.forEach(each -> each.cancel(true));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /**
     * Copies the files of a folder that are new, or were changed since, with all folders in it; the last in the order of
     * their changes first to last, so that what completes a folder comes after the rest of it. What is being written, whose
     * name begins with a dot, is left out.
     *
     * @return bytes that were copied
     */
    long copyFolder(Path folder) throws IOException {
        Path path = Path.getPathWithoutSchemeAndAuthority(folder);
        long bytes = 0;
        for (FileStatus file : FolderFiles.oldestFirst(from, path)) {
            Path each = Path.getPathWithoutSchemeAndAuthority(file.getPath());
            if (!isThere(each, file.getLen())
                    || to.getFileStatus(each).getModificationTime() < file.getModificationTime()) {
                bytes += copy(each, file);
            }
        }
        return bytes;
    }

    private boolean isThere(Path path, long length) throws IOException {
        try {
            return to.getFileStatus(path).getLen() == length;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    private long copy(Path path, FileStatus source) throws IOException {
        Path temporary = new Path(path.getParent(), "." + path.getName() + TEMPORARY);
        Path original = Path.getPathWithoutSchemeAndAuthority(source.getPath());
        try (InputStream in = from.open(original);
                FSDataOutputStream out = to.create(temporary, true)) {
            IOUtils.copyBytes(in, out, BUFFER_BYTES);
            out.hsync();
        }
        requireSame(source, temporary);
        // HDFS refuses to rename onto a file.
        to.delete(path, false);
        if (!to.rename(temporary, path)) {
            throw new IOException("Can't rename " + temporary + " to " + path.getName() + " on " + to.getUri());
        }
        // By it a changed source is known; the clocks of the two sites need not agree.
        to.setTimes(path, source.getModificationTime(), -1);
        return source.getLen();
    }

    /** Reading is held against the sums of the source; this holds what was written against them too. */
    private void requireSame(FileStatus source, Path copy) throws IOException {
        Path path = Path.getPathWithoutSchemeAndAuthority(source.getPath());
        long length = to.getFileStatus(copy).getLen();
        if (length != source.getLen()) {
            throw new IOException(path + " has " + source.getLen() + " bytes on the primary and its copy " + length
                    + ": it was written meanwhile");
        }
        FileChecksum original = from.getFileChecksum(path);
        FileChecksum copied = to.getFileChecksum(copy);
        boolean comparable = original != null
                && copied != null
                && original.getAlgorithmName().equals(copied.getAlgorithmName());
        if (comparable && !original.equals(copied)) {
            throw new IOException("The copy of " + path + " has another checksum than the original: " + copied
                    + ", must be " + original + ". Check the disks of both sites");
        }
    }
}
