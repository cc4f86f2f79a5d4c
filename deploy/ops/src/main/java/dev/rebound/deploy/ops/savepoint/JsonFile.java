package dev.rebound.deploy.ops.savepoint;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/** Small records as JSON on any file system of Flink's. Whoever sees a file sees all of it. */
final class JsonFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // A later version may have added a field.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private JsonFile() {}

    static void write(Path path, Object record) throws IOException {
        FileSystem files = path.getFileSystem();
        Path temporary = new Path(path.getParent(), "." + path.getName() + ".tmp");
        try (OutputStream out = files.create(temporary, WriteMode.OVERWRITE)) {
            out.write(JSON.writeValueAsBytes(record));
        }
        // HDFS refuses to rename onto a file.
        files.delete(path, false);
        if (!files.rename(temporary, path)) {
            throw new IOException("Can't rename " + temporary + " to " + path.getName());
        }
    }

    static <T> T read(Path path, Class<T> type) throws IOException {
        try (InputStream in = path.getFileSystem().open(path)) {
            return JSON.readValue(in.readAllBytes(), type);
        }
    }
}
