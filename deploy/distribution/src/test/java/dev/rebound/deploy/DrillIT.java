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
import java.util.ArrayList;
import java.util.List;
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

        List<DrillReport> reports = new ArrayList<>();
        try (Drill drill = new Drill(layout, DrillKind.FAILBACK, 1, RECORDS_PER_SECOND, false, OUTPUT)) {
            drill.run(1, reports::add);
        }

        reports.forEach(report -> System.out.println(
                report.summary() + "; by step " + report.steps() + "; findings " + report.findings()));
        assertThat(reports).extracting(DrillReport::kind).containsExactly("site-loss", "failback");
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.findings()).isEmpty();
            assertThat(report.lost()).isZero();
            assertThat(report.duplicated()).isZero();
            assertThat(report.acceptedOldEpoch()).isZero();
            assertThat(report.isRight()).isTrue();
        });
        assertThat(reports.get(1).rpoEvents()).isZero();
    }
}
