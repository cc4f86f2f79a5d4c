package dev.rebound.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BadTaskManagerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String BROKEN_DISK = "java.io.IOException: Failed to create the folder of RocksDB\n\tat a.B.c";

    private final List<FlinkRest.Failure> failures = new ArrayList<>();

    @Test
    void oneOnWhichTheJobFailsAgainAndAgainIsBad() {
        fail(4, "taskmanager-2", BROKEN_DISK);

        assertThat(BadTaskManager.among(failures, NOW)).contains("taskmanager-2");
    }

    @Test
    void aJobThatFailsEverywhereIsItsOwnTrouble() {
        fail(3, "taskmanager-2", BROKEN_DISK);
        fail(1, "taskmanager-1", BROKEN_DISK);
        fail(3, "taskmanager-2", BROKEN_DISK);

        assertThat(BadTaskManager.among(failures, NOW)).isEmpty();
    }

    @Test
    void afterOneFailureNothingIsSure() {
        fail(3, "taskmanager-2", BROKEN_DISK);

        assertThat(BadTaskManager.among(failures, NOW)).isEmpty();
    }

    @Test
    void whatKafkaOrALostTaskManagerDidIsNotHeldAgainstWhoNoticedIt() {
        fail(4, "taskmanager-2", "java.lang.RuntimeException: x\nCaused by: org.apache.kafka.common.KafkaException: y");
        fail(
                4,
                "taskmanager-2",
                "org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id a is gone");

        assertThat(BadTaskManager.among(failures, NOW)).isEmpty();
    }

    @Test
    void whatLiesFarBackIsForgiven() {
        fail(4, "taskmanager-2", BROKEN_DISK);

        assertThat(BadTaskManager.among(failures, NOW.plusSeconds(600))).isEmpty();
    }

    private void fail(int times, String taskManager, String trace) {
        for (int i = 0; i < times; i++) {
            failures.add(new FlinkRest.Failure(trace, NOW.minusSeconds(i).toEpochMilli(), taskManager));
        }
    }
}
