package dev.rebound.deploy.control.savepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;

class SavepointRetentionTest {

    @Test
    void theNewestWholeOnesAndThoseInUseStay() {
        List<StoredSavepoint> all = List.of(broken("e"), whole("d"), whole("c"), whole("b"), whole("a"));

        SavepointRetention.Plan plan = SavepointRetention.plan(all, Map.of("a", "it is the way back"), 2);

        assertThat(plan.keep()).containsOnlyKeys("d", "c", "a");
        assertThat(plan.delete()).containsExactly("e", "b");
    }

    @Test
    void whatMayStillBeWrittenIsLeftAlone() {
        StoredSavepoint written = new StoredSavepoint(new Path("/s/w"), Optional.empty(), content("never completed"));

        SavepointRetention.Plan plan = SavepointRetention.plan(List.of(written, whole("a")), Map.of(), 1);

        assertThat(plan.delete()).isEmpty();
    }

    @Test
    void keepingNoneIsRefused() {
        assertThatThrownBy(() -> SavepointRetention.plan(List.of(), Map.of(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--keep 0");
    }

    private static StoredSavepoint whole(String id) {
        return new StoredSavepoint(new Path("/s/" + id), Optional.of(manifest(id)), content());
    }

    private static StoredSavepoint broken(String id) {
        return new StoredSavepoint(new Path("/s/" + id), Optional.of(manifest(id)), content("a file is missing"));
    }

    private static SavepointManifest manifest(String id) {
        JobOrigin job = new JobOrigin("j1", "rebound-test", null, null, Map.of(), null, Instant.EPOCH);
        return new SavepointManifest(id, job, Instant.EPOCH, List.of(), List.of(), true);
    }

    private static OpenedSavepoint content(String... problems) {
        return new OpenedSavepoint(1, List.of(), List.of(), 0, Instant.EPOCH, List.of(problems));
    }
}
