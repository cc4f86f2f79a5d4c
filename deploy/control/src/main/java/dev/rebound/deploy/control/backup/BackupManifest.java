package dev.rebound.deploy.ops.backup;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a backup consists of. It is written last and never changed: a backup without it does not exist.
 *
 * @param format of this record; a newer one is refused
 * @param id sorts by time, see {@link BackupStore}
 * @param basedOn the backup whose files were not read again, null for a full one
 * @param madeBy user and host
 * @param copiedFiles how many of the files were written to the target
 * @param copiedBytes how many bytes were written to the target
 * @param skipped what looked like a part and was left out, and why
 */
record BackupManifest(
        int format,
        String id,
        BackupKind kind,
        Instant startedAt,
        Instant finishedAt,
        @Nullable String basedOn,
        String madeBy,
        List<BackupPart> parts,
        long copiedFiles,
        long copiedBytes,
        List<String> skipped) {

    static final int FORMAT = 1;

    static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    /** Every file of every part. */
    Stream<StoredFile> files() {
        return parts.stream().flatMap(part -> part.files().stream());
    }

    @JsonIgnore
    long fileCount() {
        return files().count();
    }

    /** Bytes of all files, those included that were there before. */
    @JsonIgnore
    long bytes() {
        return files().mapToLong(StoredFile::bytes).sum();
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A manifest has no JSON form: " + id, e);
        }
    }

    /** @throws IOException if the bytes are no manifest of a format that this version knows */
    static BackupManifest fromJson(byte[] json) throws IOException {
        int format = JSON.readTree(json).path("format").asInt();
        if (format != FORMAT) {
            throw new IOException("it is of format " + format + " and this version reads format " + FORMAT);
        }
        return JSON.readValue(json, BackupManifest.class);
    }
}
