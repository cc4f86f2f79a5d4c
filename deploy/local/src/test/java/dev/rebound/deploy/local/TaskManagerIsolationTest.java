package dev.rebound.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.site.FlinkRest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskManagerIsolationTest {
    private static final List<String> BOTH = List.of("taskmanager-1", "taskmanager-2");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final TaskManagerIsolation isolation = new TaskManagerIsolation(() -> now);

    @Test
    void oneThatHangsIsBadAfterAWhile() {
        assertThat(isolation.among(BOTH, BOTH, List.of())).isEmpty();
        assertThat(isolation.among(BOTH, List.of("taskmanager-1"), List.of())).isEmpty();

        now = now.plus(TaskManagerIsolation.SILENT).plusSeconds(1);

        assertThat(isolation.among(BOTH, List.of("taskmanager-1"), List.of()))
                .map(TaskManagerIsolation.Bad::name)
                .contains("taskmanager-2");
    }

    @Test
    void oneThatComesBackInTimeIsNot() {
        isolation.among(BOTH, List.of("taskmanager-1"), List.of());
        now = now.plusSeconds(20);
        isolation.among(BOTH, BOTH, List.of());
        now = now.plus(TaskManagerIsolation.SILENT);

        assertThat(isolation.among(BOTH, List.of("taskmanager-1"), List.of())).isEmpty();
    }

    @Test
    void oneOnWhichTheJobFailsAgainAndAgainIsBad() {
        FlinkRest.Failure failure =
                new FlinkRest.Failure("java.io.IOException: no disk", now.toEpochMilli(), "taskmanager-2");
        List<FlinkRest.Failure> failures = Collections.nCopies(4, failure);

        assertThat(isolation.among(BOTH, BOTH, List.of(List.of(), failures)))
                .map(TaskManagerIsolation.Bad::name)
                .contains("taskmanager-2");
        assertThat(isolation.among(List.of("taskmanager-1", "taskmanager-3"), BOTH, List.of(failures)))
                .as("it has been taken out")
                .isEmpty();
    }
}
