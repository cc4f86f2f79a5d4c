package dev.rebound.deploy.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.Estimate;
import dev.rebound.schemas.ModelReport;
import dev.rebound.schemas.ReleaseStage;
import org.junit.jupiter.api.Test;

class ReportViewTest {
    private static ModelReport aReport() {
        return ModelReport.newBuilder()
                .setModel("ranker")
                .setVersion("v2")
                .setStage(ReleaseStage.CANARY)
                .setTrafficPercent(12.5)
                .setLiveVersion("v1")
                .setComparison(1)
                .setSince(1)
                .setReportedAt(2)
                .setUsers(3)
                .setLists(4)
                .setImpressions(1000)
                .setClicks(43)
                .setConversions(2)
                .setClickRate(new Estimate(0.043, 0.031, 0.055))
                .setConversionRate(new Estimate(0.002, 0.0, 1.0))
                .setClickLift(new Estimate(-0.14, -0.2, -0.075))
                .setConversionLift(new Estimate(0.1, -1.0, null))
                .setBatches(7)
                .setFailedBatches(1)
                .setLatencyP99Micros(2345.6)
                .build();
    }

    @Test
    void ratesAreShownWithTheirLimitsAndLiftsInPercent() {
        assertThat(ReportView.of(aReport()).outcomeRow())
                .containsExactly(
                        "ranker",
                        "v2",
                        "CANARY 12.50 %",
                        "3",
                        "1000",
                        "0.0430 (0.0310 to 0.0550)",
                        "-14.0 (-20.0 to -7.5)",
                        "0.00200 (0.00000 to 1.00000)",
                        "+10.0 (-100.0 to -)")
                .hasSameSizeAs(ReportView.OUTCOME_HEAD);
    }

    @Test
    void whatIsUnknownIsADash() {
        assertThat(ReportView.of(aReport()).healthRow())
                .containsExactly("ranker", "v2", "7", "1", "-", "2.35", "-", "-", "-")
                .hasSameSizeAs(ReportView.HEALTH_HEAD);
    }
}
