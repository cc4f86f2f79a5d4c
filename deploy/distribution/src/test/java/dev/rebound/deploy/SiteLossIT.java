package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.lab.drill.DrillReport;
import dev.rebound.deploy.lab.drill.SiteLossDrill;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A whole site dies under load, and the standby takes over by the operator's command: all with real processes. */
@Tag("long")
class SiteLossIT {
    private static final double RECORDS_PER_SECOND = 300;

    @Test
    void whatArrivedIsAppliedOnceAndTheRestIsCountedExactly() throws Exception {
        Path target = Path.of("target").toAbsolutePath();
        Path var = Files.createTempDirectory(Files.createDirectories(target.resolve("stacks")), "site-loss-");
        StackLayout layout = new StackLayout(target.resolve("rebound"), var);

        DrillReport report = new SiteLossDrill(layout, 1, RECORDS_PER_SECOND, false, System.out::println).run();

        System.out.printf(
                "site loss: RTO %s s, RPO %s s or %d inputs, by step %s%n",
                report.rtoSeconds(), report.rpoSeconds(), report.rpoEvents(), report.steps());
        assertThat(report.findings()).isEmpty();
        assertThat(report.lost()).isZero();
        assertThat(report.duplicated()).isZero();
        assertThat(report.acceptedOldEpoch()).isZero();
        assertThat(report.isRight()).isTrue();
    }
}
