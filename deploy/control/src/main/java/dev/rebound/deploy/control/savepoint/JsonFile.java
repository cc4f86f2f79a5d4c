package dev.rebound.deploy.control.savepoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/** Small records as JSON on any file system of Flink's. Whoever sees a file sees all of it. */
public final class JsonFile {
    private static final String TEMPORARY = ".tmp";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // A later version may have added a field.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private JsonFile() {}

    public static void write(Path path, Object record) throws IOException {
        FileSystem files = path.getFileSystem();
        Path temporary = temporary(path);
        try (FSDataOutputStream out = files.create(temporary, WriteMode.OVERWRITE)) {
            out.write(JSON.writeValueAsBytes(record));
            out.sync();
        }
        if (files.exists(path)) {
            // HDFS refuses to rename onto a file. Until the next step the temporary one is read in its place.
            files.delete(path, false);
        }
        if (!files.rename(temporary, path)) {
            throw new IOException("Can't rename " + temporary + " to " + path.getName());
        }
    }

    /** Empty where there is none. Of one that was being replaced when its writer died, it is what was to replace it. */
    public static <T> Optional<T> find(Path path, Class<T> type) throws IOException {
        FileSystem files = path.getFileSystem();
        if (files.exists(path)) {
            return Optional.of(read(path, type));
        }
        Path temporary = temporary(path);
        if (!files.exists(temporary)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(temporary, type));
        } catch (JsonProcessingException e) {
            // Its writer died before it was whole, and so before there was any.
            return Optional.empty();
        }
    }

    /** Names of the records in a folder, those included that were being replaced when their writer died. */
    public static Set<Path> in(Path folder) throws IOException {
        FileSystem files = folder.getFileSystem();
        Set<Path> records = new LinkedHashSet<>();
        for (FileStatus file : files.exists(folder) ? files.listStatus(folder) : new FileStatus[0]) {
            String name = file.getPath().getName();
            if (name.startsWith(".") && name.endsWith(TEMPORARY)) {
                name = name.substring(1, name.length() - TEMPORARY.length());
            }
            if (name.endsWith(".json")) {
                records.add(new Path(folder, name));
            }
        }
        return records;
    }

    private static Path temporary(Path path) {
        return new Path(path.getParent(), "." + path.getName() + TEMPORARY);
    }

    private static <T> T read(Path path, Class<T> type) throws IOException {
        try (InputStream in = path.getFileSystem().open(path)) {
            return parse(in.readAllBytes(), type);
        }
    }

    /** A record that was read by other means. */
    public static <T> T parse(byte[] json, Class<T> type) throws IOException {
        return JSON.readValue(json, type);
    }
}
