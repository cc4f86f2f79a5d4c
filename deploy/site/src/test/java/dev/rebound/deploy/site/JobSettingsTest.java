package dev.rebound.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JobSettingsTest {
    @Test
    void aJobTakesItsCheckpointsStateAndRestartsFromTheCluster() {
        var settings = JobSettings.of(Map.of(
                "execution.checkpointing.interval", "30 s",
                "state.backend.type", "rocksdb",
                "restart-strategy.type", "exponential-delay",
                "parallelism.default", "2"));

        assertThat(settings.toMap())
                .containsEntry("execution.checkpointing.interval", "30 s")
                .containsEntry("state.backend.type", "rocksdb")
                .containsEntry("restart-strategy.type", "exponential-delay")
                .containsEntry("parallelism.default", "2");
    }

    @Test
    void whatTheClusterIsForItselfStaysThere() {
        var settings = JobSettings.of(Map.of(
                "rest.port", "8081",
                "security.ssl.rest.keystore-password", "******",
                "state.secret.password", "******",
                "taskmanager.numberOfTaskSlots", "4",
                "high-availability.type", "zookeeper"));

        assertThat(settings.toMap()).isEmpty();
    }
}
