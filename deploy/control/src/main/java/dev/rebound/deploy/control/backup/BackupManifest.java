package dev.rebound.deploy.control.backup;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
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
public record BackupManifest(
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

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> OUTSIDE = Set.of("", ".", "..");

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
        BackupManifest manifest = JSON.readValue(json, BackupManifest.class);
        manifest.requireInside();
        return manifest;
    }

    /** A restore writes where the manifest says: it must not say a place outside of the folders that it names. */
    private void requireInside() throws IOException {
        for (BackupPart part : parts) {
            requireRelative(part.name());
            for (String point : part.points()) {
                requireRelative(point);
            }
            for (StoredFile file : part.files()) {
                requireRelative(file.path());
                if (!SHA_256.matcher(file.sha256()).matches()) {
                    throw new IOException("the sum of " + file.path() + " is no SHA-256: " + file.sha256());
                }
            }
        }
    }

    private static void requireRelative(String path) throws IOException {
        if (path.isEmpty() || Stream.of(path.split("/", -1)).anyMatch(OUTSIDE::contains) || path.contains(":")) {
            throw new IOException("it names the path '" + path + "', which may lie outside of the folder that it is in;"
                    + " somebody has written this manifest by hand");
        }
    }
}
