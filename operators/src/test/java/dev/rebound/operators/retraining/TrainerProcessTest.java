package dev.rebound.operators.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerProcessTest {
    @TempDir
    Path temporary;

    private Path folder;

    /** More examples than a trainer reads before it notices anything. */
    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createDirectory(temporary.resolve("training"));
        new TrainingTask("ranker", "v1", "no-sum", "v2", 0, 0, 0.3, 0, 1).write(folder);
        List<byte[]> lists = ShownTastes.tasteful().lists(300);
        try (SliceFile.Writer writer = new SliceFile.Writer(folder.resolve(TrainingTask.EXAMPLES_FILE))) {
            for (int i = 0; i < 200; i++) {
                for (byte[] example : lists) {
                    writer.add(0, example);
                }
            }
        }
    }

    @Test
    void aTrainerWhoseParentIsGoneEndsAndDeletesTheExamples() throws Exception {
        Process trainer = new TrainerProcess("256m", 1, Duration.ofMinutes(1)).start(folder);

        trainer.getOutputStream().close();

        assertThat(trainer.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(trainer.exitValue()).isEqualTo(143);
        assertThat(folder).doesNotExist();
    }

    @Test
    void aTrainerThatTakesTooLongIsStopped() {
        assertThatThrownBy(() -> new TrainerProcess("256m", 1, Duration.ofMillis(1)).run(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("took longer than")
                .hasMessageContaining("training.timeout");
    }
}
