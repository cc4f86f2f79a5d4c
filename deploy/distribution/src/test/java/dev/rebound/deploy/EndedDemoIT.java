package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A command that a signal ends, with a stack that it started for itself. */
class EndedDemoIT {
    private StackLayout layout;

    @BeforeEach
    void aFolderWithoutAStack() throws IOException {
        Path target = Path.of("target").toAbsolutePath();
        layout = new StackLayout(
                target.resolve("rebound"),
                Files.createTempDirectory(Files.createDirectories(target.resolve("stacks")), "var-"));
    }

    @AfterEach
    void nothingIsLeft() {
        LocalStack.in(layout).down(ProgressListener.SILENT);
    }

    @Test
    void itsStackEndsWithItWhileItIsBeingStarted() throws Exception {
        try (StartedCommand demo = StartedCommand.start(layout, "demo", "--free-ports")) {
            demo.awaitSaid("namenode: starting");

            assertThat(demo.signal("TERM").exitCode()).as("%s", demo).isEqualTo(143);
            assertNothingRuns();
        }
    }

    @Test
    void itsStackEndsWithItInTheMiddleOfItsWork() throws Exception {
        try (StartedCommand demo = StartedCommand.start(layout, "demo", "--free-ports")) {
            demo.awaitSaid("items published");
            assertThat(processesOfTheStack()).hasSizeGreaterThanOrEqualTo(6);

            assertThat(demo.signal("TERM").exitCode()).as("%s", demo).isEqualTo(143);
            assertThat(demo.err()).contains("SIGTERM: ", "kafka: stopped").doesNotContain("does not stop");
            assertNothingRuns();
        }
    }

    @Test
    @LongTest
    void aSecondSignalEndsItAtOnceAndTheNextCommandSaysWhatIsLeft() throws Exception {
        try (StartedCommand demo = StartedCommand.start(layout, "demo", "--free-ports")) {
            demo.awaitSaid("items published").signal("TERM").awaitSaid("SIGTERM: ");

            assertThat(demo.signal("TERM").exitCode()).as("%s", demo).isEqualTo(143);
            assertThat(LocalStack.in(layout).isUp()).isTrue();
        }
        try (StartedCommand status = StartedCommand.start(layout, "stack", "status")) {
            status.exitCode();
            assertThat(status.err()).contains("`rebound demo` started this stack", "rebound stack down");
        }
    }

    private void assertNothingRuns() throws IOException {
        assertThat(processesOfTheStack()).isEmpty();
        assertThat(LocalStack.in(layout).isUp()).isFalse();
        try (var files = Files.list(layout.run())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".pid") || name.endsWith(".claim"));
        }
    }

    /** Known by the folder in their command lines: also one that no pid file names. */
    private List<Long> processesOfTheStack() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(layout.logs().toString()))
                        .isPresent())
                .map(ProcessHandle::pid)
                .toList();
    }
}
