package dev.rebound.deploy.control.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.control.savepoint.SavepointManifest;
import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.site.FlinkRest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A savepoint with the number 10, of a job that Flink may remember. */
class CommittedOutputsTest {
    private static final String CHECKPOINT = """
        {"id":%d,"status":"%s","is_savepoint":%s,"trigger_timestamp":1,"end_to_end_duration":1,"state_size":1,
        "checkpointed_size":1}\
        """;

    private final List<StoredSavepoint> savepoints = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private HttpServer jobManager;
    private boolean remembersTheJob = true;

    @BeforeEach
    void start() throws IOException {
        jobManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        jobManager.createContext("/jobs/a/checkpoints", exchange -> {
            byte[] body = """
                {"counts":{},"latest":{},"history":[%s]}\
                """.formatted(String.join(",", history)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(remembersTheJob ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        jobManager.start();
    }

    @AfterEach
    void stop() {
        jobManager.stop(0);
    }

    @Test
    void theOutputsAreCommittedOnceASecondCheckpointCompletes() {
        flinkMade(9, "COMPLETED", false);
        flinkMade(10, "COMPLETED", true);
        flinkMade(11, "FAILED", false);
        flinkMade(12, "COMPLETED", false);

        assertThat(committed(null))
                .as("the sinks may not have heard of the first yet")
                .isFalse();

        flinkMade(13, "COMPLETED", false);

        assertThat(committed(null)).isTrue();
    }

    @Test
    void anotherSavepointCommitsNothing() {
        flinkMade(11, "COMPLETED", true);
        flinkMade(12, "COMPLETED", true);

        assertThat(committed(null)).isFalse();
    }

    @Test
    void aJobThatStoppedWithASavepointHadCommittedWhatCameBefore() {
        remembersTheJob = false;
        assertThat(committed(null)).isFalse();

        savepoints.add(savepoint("a", 15, true));

        assertThat(committed(null)).isTrue();
    }

    @Test
    void theSavepointOfAnotherJobProvesNothing() {
        remembersTheJob = false;
        savepoints.add(savepoint("b", 15, true));
        savepoints.add(savepoint("a", 16, null));

        assertThat(committed(null)).isFalse();
    }

    @Test
    void whatTheManifestSaysCountsWithoutFlink() {
        remembersTheJob = false;

        assertThat(committed(true)).isTrue();
    }

    private boolean committed(@Nullable Boolean said) {
        StoredSavepoint target = savepoint("a", 10, said);
        FlinkRest flink = new FlinkRest(
                URI.create("http://127.0.0.1:" + jobManager.getAddress().getPort()));
        return new CommittedOutputs(flink, savepoints)
                .upTo(target, target.manifest().orElseThrow());
    }

    private void flinkMade(long id, String status, boolean savepoint) {
        history.add(0, CHECKPOINT.formatted(id, status, savepoint));
    }

    private static StoredSavepoint savepoint(String jobId, long checkpointId, @Nullable Boolean committed) {
        JobOrigin job = new JobOrigin(jobId, "rebound-recommendation", null, null, Map.of(), null, Instant.EPOCH);
        SavepointManifest manifest =
                new SavepointManifest("s" + checkpointId, job, Instant.EPOCH, List.of(), List.of(), committed);
        OpenedSavepoint content = new OpenedSavepoint(checkpointId, List.of(), List.of(), 0, Instant.EPOCH, List.of());
        return new StoredSavepoint(new Path("/savepoints/s" + checkpointId), Optional.of(manifest), content);
    }
}
