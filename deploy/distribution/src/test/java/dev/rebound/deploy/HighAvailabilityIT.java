package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.site.FlinkRestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the stack with a second JobManager and a watchdog mends by itself, on real processes and under load. */
@LongTest
class HighAvailabilityIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int EVENTS_PER_SECOND = 60;
    private static final int KILLS = 3;
    private static final String VERSION = "1";

    @RegisterExtension
    static final RunningStack RUNNING = RunningStack.highlyAvailable();

    private final LocalStack stack = RUNNING.stack();

    @BeforeAll
    static void train() {
        new ModelTraining(1, System.out::println)
                .train(
                        ShopGenerator.of(1, ShopUnderLoad.EVENTS).history(10_000),
                        10_000,
                        RUNNING.stack().files().registry(),
                        ShopUnderLoad.MODEL,
                        VERSION);
    }

    @Test
    void theStandbyLeadsTheSameJobAndNothingIsLostOrDoubled() {
        try (ShopUnderLoad shop = new ShopUnderLoad(stack, "leader.", VERSION, Map.of())) {
            shop.flow(EVENTS_PER_SECOND);
            for (int kill = 1; kill <= KILLS; kill++) {
                shop.awaitCheckpoint();
                ManagedProcess leader = stack.leadingJobManager().orElseThrow();
                long dead = leader.pid().orElseThrow();
                leader.kill();

                await("another one leads")
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> stack.leadingJobManager()
                                .filter(next -> !next.name().equals(leader.name()))
                                .isPresent());
                await("the job runs again")
                        .atMost(PATIENCE)
                        .ignoreException(FlinkRestException.class)
                        .until(shop::allTasksRun);
                await("the watchdog has started the dead one")
                        .atMost(PATIENCE)
                        .until(() -> leader.isAlive() && leader.pid().orElseThrow() != dead);
            }
            assertThat(shop.drain().findings()).isEmpty();
        }
    }

    @Test
    void aTaskManagerOnWhichTheJobKeepsFailingIsReplacedAndNothingIsLost() throws IOException {
        try (ShopUnderLoad shop = new ShopUnderLoad(stack, "bad.", VERSION, Map.of())) {
            shop.flow(EVENTS_PER_SECOND);
            shop.awaitCheckpoint();
            ManagedProcess bad = stack.taskManagers().get(0);

            breakDisk(bad.name());
            // Its tasks have their files open: they fail from the next restart on.
            stack.taskManagers().get(1).kill();

            await("a spare is there, and the bad one is not").atMost(PATIENCE).until(() -> {
                List<String> names =
                        stack.taskManagers().stream().map(ManagedProcess::name).toList();
                return names.contains("taskmanager-3") && !names.contains(bad.name());
            });
            await("the job runs again")
                    .atMost(PATIENCE)
                    .ignoreException(FlinkRestException.class)
                    .until(shop::allTasksRun);
            assertThat(shop.drain().findings()).isEmpty();
            assertThat(Files.readString(stack.layout().logs().resolve("watchdog.out")))
                    .contains(bad.name() + ": the job fails on it again and again");
        }
    }

    /** Where tasks keep their state there is a file, as root may write into every folder. */
    private void breakDisk(String taskManager) throws IOException {
        Path work = stack.layout().var().resolve("data/flink/process/tm_" + taskManager + "/tmp");
        assertThat(work).isDirectory();
        FileUtils.deleteDirectory(work.toFile());
        Files.writeString(work, "no folder");
    }
}
