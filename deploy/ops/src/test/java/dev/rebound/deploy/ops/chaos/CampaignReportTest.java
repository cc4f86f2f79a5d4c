package dev.rebound.deploy.ops.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CampaignReportTest {

    @Test
    void faultsAreSummedUpByTheirNames() {
        CampaignReport report = report(
                new FaultReport(1, "kafka-kill", 1, 0.5, 4, 0, 0, List.of()),
                new FaultReport(2, "taskmanager-kill", 2, 1.5, 9, 0, 0, List.of()),
                new FaultReport(3, "taskmanager-kill", 2, null, 5, 0, 0, List.of()));

        assertThat(report.isRight()).isTrue();
        assertThat(printed(report))
                .containsPattern("taskmanager-kill +2 +1\\.5 +5\\.0 +9\\.0 +2\\.0 +0 +0")
                .contains("3 faults, seed 7: lost 0, duplicated 0")
                .doesNotContain("NOT RIGHT");
    }

    @Test
    void theFirstFaultAfterWhichSomethingIsWrongIsNamed() {
        CampaignReport report = report(
                new FaultReport(1, "kafka-kill", 1, null, 0, 0, 0, List.of()),
                new FaultReport(2, "input-late", 1, null, 0, 3, 0, List.of("3 events were lost")),
                new FaultReport(3, "kafka-kill", 1, null, 0, 0, 0, List.of("3 events were lost")));

        assertThat(report.isRight()).isFalse();
        assertThat(printed(report)).contains("NOT RIGHT since fault 2, input-late: 3 events were lost");
    }

    private static CampaignReport report(FaultReport... faults) {
        return new CampaignReport(7, List.of(faults), 0, 0, 100, 60);
    }

    private static String printed(CampaignReport report) {
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text, true));
        return text.toString();
    }
}
