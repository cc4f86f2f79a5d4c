package dev.rebound.deploy.control.health;

import static dev.rebound.deploy.control.health.Observations.aHealthySite;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What shows over many looks: restarts, and event time that stands. */
class JobCourseTest {
    private final SymptomFinder watch = finder(true);

    private static SymptomFinder finder(boolean before) {
        return new SymptomFinder(Thresholds.of(Duration.ofHours(1), 0), before);
    }

    @Test
    void oneOrTwoRestartsAreNoSymptomAndThreeAre() {
        look(aHealthySite().restarted(5));

        assertThat(look(aHealthySite().at(60).restarted(7))).isEmpty();
        assertThat(watch.find(aHealthySite().at(120).restarted(8).failedAt(120).build()))
                .singleElement()
                .satisfies(symptom -> {
                    assertThat(symptom.condition()).isEqualTo(Condition.RESTARTS_MANY);
                    assertThat(symptom.detail()).contains("3 times", "disk quota exceeded");
                });
    }

    @Test
    void restartsAreForgottenAfterTheWindow() {
        look(aHealthySite());
        look(aHealthySite().at(10).restarted(2));

        assertThat(look(aHealthySite().at(600).restarted(3))).containsExactly(Condition.RESTARTS_MANY);
        assertThat(look(aHealthySite().at(611).restarted(3))).isEmpty();
    }

    @Test
    void aJobManagerThatCountsAnewHidesNoRestart() {
        look(aHealthySite().restarted(50));
        look(aHealthySite().at(10).restarted(51));

        assertThat(look(aHealthySite().at(20).restarted(2))).containsExactly(Condition.RESTARTS_MANY);
    }

    @Test
    void restartsByACauseThatIsToldAreNotCountedThoughTheyWereSeenFirst() {
        look(aHealthySite());
        look(aHealthySite().at(10).restarted(2));
        look(aHealthySite().at(20).restarted(5).withoutKafka());
        look(aHealthySite().at(30).restarted(9).withoutKafka());
        look(aHealthySite().at(40).restarted(10));

        assertThat(look(aHealthySite().at(95).restarted(12))).isEmpty();
        assertThat(look(aHealthySite().at(110).restarted(13)))
                .as("those since the cause is over for longer")
                .containsExactly(Condition.RESTARTS_MANY);
    }

    @Test
    void whoLooksOnceSeesWhatFlinkRemembers() {
        Observations site = aHealthySite().at(300).restarted(40).failedAt(-400, 10, 100, 290);

        assertThat(finder(true).find(site.build()))
                .extracting(Symptom::condition)
                .containsExactly(Condition.RESTARTS_MANY);
        assertThat(finder(false).find(site.build())).isEmpty();
    }

    @Test
    void eventTimeThatStandsWhileRecordsComeIsASymptomBehindTheLimit() {
        assertThat(standing(300)).isEmpty();
        assertThat(standing(310)).containsExactly(Condition.WATERMARK_STALLS);
    }

    /** A watermark of the first second, with records at every look up to that second. */
    private static List<Condition> standing(int seconds) {
        SymptomFinder finder = finder(true);
        List<Condition> last = List.of();
        for (int at = 0; at <= seconds; at += 10) {
            last = conditions(finder, aHealthySite().at(at).withWatermarkAt(-30).with(FlinkProbe.SIGNALS_READ, at));
        }
        return last;
    }

    @Test
    void aShopThatSendsNothingIsWell() {
        for (int at = 0; at <= 3_000; at += 10) {
            assertThat(look(aHealthySite().at(at).withWatermarkAt(-30).with(FlinkProbe.SIGNALS_READ, 7)))
                    .as("second %d", at)
                    .isEmpty();
        }
    }

    @Test
    void whatIsRareAddsUp() {
        List<Condition> last = List.of();
        for (int at = 0; at <= 1_000; at += 10) {
            // Every other look without a record.
            last = look(
                    aHealthySite().at(at).withWatermarkAt(-30).with(FlinkProbe.SIGNALS_READ, Math.floorDiv(at, 20)));
        }

        assertThat(last).containsExactly(Condition.WATERMARK_STALLS);
    }

    @Test
    void aReplayOfAnOldYearThatMovesOnIsWell() {
        for (int at = 0; at <= 3_000; at += 10) {
            assertThat(look(aHealthySite()
                            .at(at)
                            .withWatermarkAt(at - 40_000_000)
                            .with(FlinkProbe.SIGNALS_READ, at)
                            .with(FlinkProbe.RECORDS_WAITING, 1_000)))
                    .as("second %d", at)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void eventTimeThatHasNotBegunIsASymptomOnlyOnceRecordsCame(int recordsALook) {
        List<String> told = List.of();
        for (int at = 0; at <= 400; at += 10) {
            told = watch
                    .find(aHealthySite()
                            .at(at)
                            .withWatermark(Long.MIN_VALUE)
                            .with(FlinkProbe.SIGNALS_READ, (double) recordsALook * at)
                            .build())
                    .stream()
                    .map(Symptom::detail)
                    .toList();
        }

        if (recordsALook == 0) {
            assertThat(told).isEmpty();
        } else {
            assertThat(told).singleElement().asString().contains("has not begun");
        }
    }

    @Test
    void aJobWithoutEventTimeIsWell() {
        for (int at = 0; at <= 1_000; at += 10) {
            assertThat(look(aHealthySite().at(at).withWatermark(null).with(FlinkProbe.SIGNALS_READ, at)))
                    .isEmpty();
        }
    }

    @Test
    void whoLooksOnceSeesSlowAnswersAtOnceAndOnlyThoseBeyondTheLimit() {
        assertThat(conditions(finder(true), aHealthySite().answeringWithin(2_000)))
                .isEmpty();
        assertThat(conditions(finder(true), aHealthySite().answeringWithin(2_001)))
                .containsExactly(Condition.ANSWERS_SLOW);
    }

    @Test
    void answersThatAreSlowForAMomentAreNoSymptom() {
        look(aHealthySite());
        assertThat(look(aHealthySite().at(10).answeringWithin(9_000))).isEmpty();
        assertThat(look(aHealthySite().at(70).answeringWithin(9_000))).isEmpty();
        assertThat(look(aHealthySite().at(80).answeringWithin(9_000))).containsExactly(Condition.ANSWERS_SLOW);

        look(aHealthySite().at(90));
        assertThat(look(aHealthySite().at(100).answeringWithin(9_000))).isEmpty();
    }

    @Test
    void aMachineThatIsKeptBusyMayAnswerLate() {
        SymptomFinder busy =
                new SymptomFinder(Thresholds.of(Duration.ofHours(1), 0).onABusyMachine(), false);
        conditions(busy, aHealthySite());
        conditions(busy, aHealthySite().at(10).answeringWithin(90_000));

        assertThat(conditions(busy, aHealthySite().at(600).answeringWithin(90_000)))
                .isEmpty();
    }

    private List<Condition> look(Observations site) {
        return conditions(watch, site);
    }

    private static List<Condition> conditions(SymptomFinder finder, Observations site) {
        return finder.find(site.build()).stream().map(Symptom::condition).toList();
    }
}
