package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.StackShape;
import dev.rebound.deploy.ops.model.ModelTraining;
import dev.rebound.deploy.ops.model.RegistryOptions;
import dev.rebound.deploy.ops.shop.ShopGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The disk of one TaskManager of the real stack breaks for good, and nobody is there to mend it. */
class BadTaskManagerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack(StackShape.HIGHLY_AVAILABLE);

    private final LocalStack stack = RUNNING.stack();

    @Test
    void aTaskManagerOnWhichTheJobKeepsFailingIsReplacedAndNothingIsLost() throws IOException {
        new ModelTraining(1, System.out::println)
                .train(
                        ShopGenerator.of(1, ShopUnderLoad.EVENTS).history(10_000),
                        10_000,
                        RegistryOptions.of(stack),
                        ShopUnderLoad.MODEL,
                        "1");
        try (ShopUnderLoad shop = new ShopUnderLoad(stack, "bad.", "1", Map.of())) {
            shop.flow(200);
            shop.awaitSent(2_000);
            ManagedProcess bad = stack.taskManagers().get(0);

            breakDisk(bad.name());
            // Its tasks have their files open: they fail from the next restart on.
            stack.taskManagers().get(1).kill();

            await("a spare is there, and the bad one is not").atMost(PATIENCE).until(() -> {
                List<String> names =
                        stack.taskManagers().stream().map(ManagedProcess::name).toList();
                return names.contains("taskmanager-3") && !names.contains(bad.name());
            });
            shop.awaitMetric("models_serving", ShopUnderLoad.SCORING_TASKS);
            shop.awaitSent(1_000);
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
