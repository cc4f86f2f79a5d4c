package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.lab.drill.Drill;
import dev.rebound.deploy.lab.drill.DrillKind;
import dev.rebound.deploy.lab.drill.DrillReport;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A whole site dies under load, the standby takes over by the operator's command, and gives the job back: real processes. */
@LongTest
class DrillIT {
    private static final Progress OUTPUT = System.out::println;
    private static final double RECORDS_PER_SECOND = 100;

    @Test
    void whatArrivedIsAppliedOnceTheRestIsSentAgainAndTheJobComesBack() throws IOException {
        Path target = Path.of("target").toAbsolutePath();
        Path var = Files.createTempDirectory(Files.createDirectories(target.resolve("stacks")), "drill-");
        StackLayout layout = new StackLayout(target.resolve("rebound"), var);

        DrillReport report;
        try (Drill drill = new Drill(layout, DrillKind.FAILBACK, 1, RECORDS_PER_SECOND, false, OUTPUT)) {
            report = drill.run();
        }

        System.out.printf(
                "failback: RTO %s s, RPO %s s or %d inputs, by step %s%n",
                report.rtoSeconds(), report.rpoSeconds(), report.rpoEvents(), report.steps());
        assertThat(report.findings()).isEmpty();
        assertThat(report.lost()).isZero();
        assertThat(report.duplicated()).isZero();
        assertThat(report.acceptedOldEpoch()).isZero();
        assertThat(report.rpoEvents()).isZero();
        assertThat(report.isRight()).isTrue();
    }
}
