package dev.rebound.deploy.control.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobChangeTest {
    @TempDir
    Path folder;

    private SiteUnderTest site;

    @BeforeEach
    void start() {
        site = new SiteUnderTest(folder);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void theSecondOfTwoIsRefusedAndToldOfTheFirst() {
        try (JobChange first = JobChange.begin(site, "job rollback")) {
            assertThatThrownBy(() -> JobChange.begin(site, "job submit --upgrade"))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("`job rollback` by " + System.getProperty("user.name"))
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        JobChange.begin(site, "job submit --upgrade").close();
    }

    @Test
    void whatAProcessHeldThatHasEndedIsInNobodysWay() throws Exception {
        long dead = dead();
        heldBy(lease -> lease.replaceFirst("\"pid\":\\d+", "\"pid\":" + dead));

        JobChange.begin(site, "job rollback").close();
    }

    @Test
    void whatAnotherMachineHoldsEndsWithItsLease() throws Exception {
        heldBy(lease -> lease.replaceFirst("\"machine\":\"[^\"]*\"", "\"machine\":\"elsewhere\""));

        assertThatThrownBy(() -> JobChange.begin(site, "job rollback")).isInstanceOf(CommandFailedException.class);

        heldBy(lease -> lease.replaceFirst(
                "\"until\":\"[^\"]*\"", "\"until\":\"" + Instant.now().minus(Duration.ofSeconds(1)) + "\""));
        JobChange.begin(site, "job rollback").close();
    }

    private static long dead() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    /** Leaves a lease there that its holder did not give back. */
    private void heldBy(UnaryOperator<String> change) throws IOException {
        Path leases = folder.resolve("site").resolve(JobChange.FOLDER);
        if (Files.exists(leases.resolve("left.json"))) {
            Files.delete(leases.resolve("left.json"));
        }
        String lease;
        try (JobChange held = JobChange.begin(site, "job submit");
                Stream<Path> files = Files.list(leases)) {
            lease = Files.readString(files.filter(each -> each.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow());
        }
        Files.writeString(leases.resolve("left.json"), change.apply(lease));
    }
}
