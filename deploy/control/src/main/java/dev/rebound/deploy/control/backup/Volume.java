package dev.rebound.deploy.control.backup;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** One Hadoop file system, with sums, durable writes, and renames that say whether they may replace. */
public final class Volume implements AutoCloseable {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final FileSystem files;
    private final FileContext context;

    private Volume(FileSystem files, FileContext context) {
        this.files = files;
        this.context = context;
    }

    /** @throws UncheckedIOException if there is no such file system */
    public static Volume of(Path path, Configuration hadoop) {
        try {
            FileSystem files = FileSystem.newInstance(path.toUri(), hadoop);
            // Hadoop would put a .crc file beside each local file; every byte here has its SHA-256. What is read is
            // still
            // held against the file system's own sums: what has rotten must not get a SHA-256.
            files.setWriteChecksum(false);
            return new Volume(files, FileContext.getFileContext(files.getUri(), hadoop));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't reach the file system of " + path + ": " + e.getMessage(), e);
        }
    }

    public FileSystem files() {
        return files;
    }

    /** Every file below a folder, hidden ones too; what others delete meanwhile may be missing. */
    public List<FileStatus> filesBelow(Path folder) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        Deque<Path> open = new ArrayDeque<>(List.of(folder));
        while (!open.isEmpty()) {
            for (FileStatus entry : list(open.pop())) {
                if (entry.isDirectory()) {
                    open.push(entry.getPath());
                } else {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    /** Not by listFiles, which on a local disk asks for the rights of each file and fails if it has just gone. */
    private FileStatus[] list(Path folder) throws IOException {
        try {
            return files.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    public byte[] read(Path path) throws IOException {
        try (InputStream in = files.open(path)) {
            return in.readAllBytes();
        }
    }

    /** SHA-256 in lower-case hex. */
    String sha256(Path path) throws IOException {
        return copy(files.open(path), OutputStream.nullOutputStream(), bytes -> {});
    }

    /**
     * Writes a new file, which is on the disk when this returns.
     *
     * @param in closed here
     * @param progress gets the bytes of each step
     * @return the SHA-256 of what was written
     */
    String write(InputStream in, Path path, LongConsumer progress) throws IOException {
        try (FSDataOutputStream out = files.create(path, true)) {
            String sum = copy(in, out, progress);
            out.hsync();
            return sum;
        }
    }

    public void write(byte[] bytes, Path path) throws IOException {
        try (FSDataOutputStream out = files.create(path, true)) {
            out.write(bytes);
            out.hsync();
        }
    }

    /** Renames a file over whatever has the name. */
    public void replace(Path from, Path to) throws IOException {
        files.mkdirs(to.getParent());
        context.rename(from, to, Rename.OVERWRITE);
    }

    /** Renames a file to a name that must be free. */
    public void publish(Path from, Path to) throws IOException {
        files.mkdirs(to.getParent());
        context.rename(from, to);
    }

    private static String copy(InputStream in, OutputStream out, LongConsumer progress) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (DigestInputStream source = new DigestInputStream(in, digest)) {
            for (int read = source.read(buffer); read >= 0; read = source.read(buffer)) {
                out.write(buffer, 0, read);
                progress.accept(read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't close the client of " + files.getUri(), e);
        }
    }
}
