package dev.rebound.deploy.control.dr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two folders that stand for the file systems of two sites: the same paths, other files. */
class FileCopiesTest {
    @TempDir
    private java.nio.file.Path folder;

    private FileSystem primary;
    private FileSystem standby;
    private FileCopies copies;

    @BeforeEach
    void makeSites() throws IOException {
        primary = site("a");
        standby = site("b");
        copies = new FileCopies(primary, standby);
    }

    @Test
    void aFileIsCopiedOnceToTheSamePath() throws IOException {
        write("/jobs/one.json", "first");

        assertThat(copy("hdfs://rebound/jobs/one.json")).isEqualTo(5);
        assertThat(copy("hdfs://rebound/jobs/one.json")).isZero();
        assertThat(read(standby, "/jobs/one.json")).isEqualTo("first");
    }

    @Test
    void whatIsGoneIsSaid() {
        assertThatThrownBy(() -> copy("/checkpoints/chk-1/_metadata")).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void ofAFolderWhatChangedIsCopiedAgainAlsoWithTheSameLength() throws IOException {
        write("/jobs/one.json", "first");
        write("/jobs/.two.json.tmp", "half");
        copies.copyFolder(new Path("/jobs"));

        write("/jobs/one.json", "other");
        primary.setTimes(new Path("/jobs/one.json"), System.currentTimeMillis() + 60_000, -1);

        assertThat(copies.copyFolder(new Path("/jobs"))).isEqualTo(5);
        assertThat(copies.copyFolder(new Path("/jobs"))).isZero();
        assertThat(read(standby, "/jobs/one.json")).isEqualTo("other");
        assertThat(standby.listStatus(new Path("/jobs"))).hasSize(1);
    }

    private long copy(String path) throws IOException {
        return copies.copy(new Path(path), new Path(path));
    }

    private FileSystem site(String name) throws IOException {
        FileSystem raw = new RawLocalFileSystem();
        raw.initialize(java.net.URI.create("file:///"), new Configuration());
        return new Rooted(raw, new Path(folder.resolve(name).toUri()));
    }

    private void write(String path, String text) throws IOException {
        try (FSDataOutputStream out = primary.create(new Path(path), true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String read(FileSystem files, String path) throws IOException {
        try (FSDataInputStream in = files.open(new Path(path))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Every path is below a folder, and nobody sees that. */
    private static final class Rooted extends FilterFileSystem {
        private final Path root;

        Rooted(FileSystem files, Path root) {
            super(files);
            this.root = root;
        }

        private Path below(Path path) {
            return new Path(root, path.toUri().getPath().substring(1));
        }

        @Override
        public FSDataInputStream open(Path path, int bufferSize) throws IOException {
            return fs.open(below(path), bufferSize);
        }

        @Override
        public FSDataOutputStream create(
                Path path,
                FsPermission permission,
                boolean overwrite,
                int bufferSize,
                short replication,
                long blockSize,
                Progressable progress)
                throws IOException {
            return fs.create(below(path), permission, overwrite, bufferSize, replication, blockSize, progress);
        }

        @Override
        public boolean rename(Path from, Path to) throws IOException {
            return fs.rename(below(from), below(to));
        }

        @Override
        public boolean delete(Path path, boolean recursive) throws IOException {
            return fs.delete(below(path), recursive);
        }

        @Override
        public void setTimes(Path path, long modified, long accessed) throws IOException {
            fs.setTimes(below(path), modified, accessed);
        }

        @Override
        public FileStatus getFileStatus(Path path) throws IOException {
            return hidden(fs.getFileStatus(below(path)));
        }

        @Override
        public FileStatus[] listStatus(Path path) throws IOException {
            FileStatus[] all = fs.listStatus(below(path));
            for (FileStatus each : all) {
                hidden(each);
            }
            return all;
        }

        private FileStatus hidden(FileStatus status) {
            status.setPath(new Path(status.getPath()
                    .toUri()
                    .getPath()
                    .substring(root.toUri().getPath().length())));
            return status;
        }
    }
}
