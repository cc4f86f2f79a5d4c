package dev.rebound.deploy.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CampaignReportTest {

    @Test
    void faultsAreSummedUpByTheirNames() {
        CampaignReport report = report(
                new FaultReport(1, "kafka-kill", 1, 0.5, 4.0, 12.0, 0, 0, List.of()),
                new FaultReport(2, "taskmanager-kill", 2, 1.5, 9.0, 14.0, 0, 0, List.of()),
                new FaultReport(3, "taskmanager-kill", 2, null, 5.0, 8.0, 0, 0, List.of()));

        assertThat(report.isRight()).isTrue();
        assertThat(report.table())
                .contains(List.of("taskmanager-kill", "2", "1.5", "5.0", "9.0", "8.0", "14.0", "2.0", "0", "0", "-"));
        assertThat(report.summary()).singleElement().asString().contains("3 faults, seed 7: lost 0, duplicated 0");
    }

    @Test
    void theFirstFaultAfterWhichSomethingIsWrongIsNamed() {
        CampaignReport report = report(
                new FaultReport(1, "kafka-kill", 1, null, 0.0, 0.0, 0, 0, List.of()),
                new FaultReport(2, "input-late", 1, null, 0.0, 0.0, 3, 0, List.of("3 events were lost")),
                new FaultReport(3, "kafka-kill", 1, null, 0.0, 0.0, 0, 0, List.of("3 events were lost")));

        assertThat(report.isRight()).isFalse();
        assertThat(report.summary()).contains("NOT RIGHT since fault 2, input-late: 3 events were lost");
    }

    @Test
    void aFaultThatEndedTheCampaignIsNotTakenForOneWithoutSilence() {
        CampaignReport report = report(
                new FaultReport(1, "kafka-kill", 1, null, 4.0, 6.0, 0, 0, List.of()),
                FaultReport.broken(2, "kafka-kill", "Waited 240 s in vain"));

        assertThat(report.isRight()).isFalse();
        assertThat(report.table())
                .contains(List.of("kafka-kill", "2", "-", "4.0", "never", "6.0", "never", "0.0", "0", "0", "-"));
    }

    @Test
    void oneThatWasBrokenOffIsNotRightAndSaysWhere() {
        List<FaultReport> faults = List.of(new FaultReport(1, "kafka-kill", 1, 0.5, 4.0, 6.0, 0, 0, List.of()));
        CampaignReport report = new CampaignReport(7, faults, 0, 0, 100, 60, "at fault 2 of 9, hdfs-full: SIGTERM");

        assertThat(report.isRight()).isFalse();
        assertThat(report.summary()).contains("BROKEN OFF at fault 2 of 9, hdfs-full: SIGTERM");
    }

    private static CampaignReport report(FaultReport... faults) {
        return new CampaignReport(7, List.of(faults), 0, 0, 100, 60, null);
    }
}
