package dev.rebound.operators.retraining;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that hands examples to the trainer. Each is the number of its slice (8 bytes), its length (4) and the record
 * as it lies on its topic.
 */
final class SliceFile {
    private SliceFile() {}

    static final class Writer implements Closeable {
        private final DataOutputStream out;

        Writer(Path file) throws IOException {
            this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
        }

        void add(long slice, byte[] example) throws IOException {
            out.writeLong(slice);
            out.writeInt(example.length);
            out.write(example);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Told of each example in turn. */
    interface Reader {
        void example(long slice, byte[] example) throws IOException;
    }

    static void read(Path file, Reader reader) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (true) {
                long slice;
                try {
                    slice = in.readLong();
                } catch (EOFException end) {
                    return;
                }
                byte[] example = new byte[in.readInt()];
                in.readFully(example);
                reader.example(slice, example);
            }
        }
    }
}
