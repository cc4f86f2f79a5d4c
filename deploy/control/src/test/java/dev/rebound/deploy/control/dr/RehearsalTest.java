package dev.rebound.deploy.control.dr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.savepoint.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    private Path folder;

    @Test
    void howItWentIsKeptByJobAndADamagedRecordIsAsNone() throws IOException {
        var root = new org.apache.flink.core.fs.Path(folder.toUri());
        Rehearsal.Result result = new Rehearsal.Result("job", 7, Instant.ofEpochSecond(1), 12.5, null);
        Path file = folder.resolve("standby-primary/rehearsal-job.json");
        Files.createDirectories(file.getParent());
        assertThat(Rehearsal.last(root, "job")).isEmpty();

        JsonFile.write(new org.apache.flink.core.fs.Path(file.toUri()), result);

        assertThat(Rehearsal.last(root, "job")).contains(result);
        assertThat(Rehearsal.last(root, "other")).isEmpty();

        Files.writeString(file, "{\"jobId\": ");

        assertThat(Rehearsal.last(root, "job")).isEmpty();
    }
}
