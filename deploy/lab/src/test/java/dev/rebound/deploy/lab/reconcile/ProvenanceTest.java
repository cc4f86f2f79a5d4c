package dev.rebound.deploy.lab.reconcile;

import static dev.rebound.deploy.lab.reconcile.Records.NOW;
import static dev.rebound.deploy.lab.reconcile.Records.aProfile;
import static dev.rebound.deploy.lab.reconcile.Records.aRecommendation;
import static dev.rebound.deploy.lab.reconcile.Records.aRequest;
import static dev.rebound.deploy.lab.reconcile.Records.at;
import static dev.rebound.deploy.lab.reconcile.Records.encoded;
import static dev.rebound.deploy.lab.reconcile.Records.event;
import static dev.rebound.deploy.lab.reconcile.Records.termsOfEpoch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Scenario;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lists by another site than the job's, and lists by no model. */
class ProvenanceTest {
    private static final long BEFORE_THE_JOB = Records.TERMS.startedMillis() - 1;

    @Test
    void listsOfAnEarlierEpochMayStandBeforeThoseOfTheJob() {
        RightShop shop = new RightShop(termsOfEpoch(2));
        Expectation expected = new Expectation(termsOfEpoch(2), UserNames.plain());
        ObservedOutput actual = new ObservedOutput();
        actual.recommendation(at(ofEpoch(1, "q1", BEFORE_THE_JOB)));
        actual.recommendation(at(ofEpoch(2, "q2", NOW)));

        assertThat(epochFindings(expected, actual)).isEmpty();
        assertThat(shop.findings())
                .as("the lists of epoch 0 that the job's site writes")
                .anyMatch(finding -> finding.contains("are of siteEpoch 0, the job's is 2"));
    }

    @Test
    void aListOfAnOlderEpochAfterANewerOneIsFound() {
        ObservedOutput actual = new ObservedOutput();
        actual.recommendation(at(ofEpoch(2, "q2", NOW)));
        actual.recommendation(at(1, ofEpoch(1, "q1", BEFORE_THE_JOB)));

        assertThat(epochFindings(new Expectation(termsOfEpoch(2), UserNames.plain()), actual))
                .singleElement()
                .asString()
                .startsWith("1 output records are of an older siteEpoch than one before them")
                .contains("in-0@1 of epoch 1 after 2");
    }

    @Test
    void aListOfANewerEpochThanTheJobsIsFound() {
        ObservedOutput actual = new ObservedOutput();
        actual.response(at(ofEpoch(3, "q1", NOW)));

        assertThat(epochFindings(new Expectation(termsOfEpoch(2), UserNames.plain()), actual))
                .singleElement()
                .asString()
                .startsWith("1 output records are of siteEpoch 3, the job's is 2");
    }

    @Test
    void aProfileOfAnotherEpochIsFound() {
        ObservedOutput actual = new ObservedOutput();
        actual.profile(
                at(encoded(aProfile("u1", Map.of("VIEW", 1L)).setSiteEpoch(1).build())));

        assertThat(epochFindings(new Expectation(termsOfEpoch(2), UserNames.plain()), actual))
                .singleElement()
                .asString()
                .contains("are of siteEpoch 1, the job's is 2");
    }

    @Test
    void whatReadersRefuseByItsHeaderIsFound() {
        ObservedOutput actual = new ObservedOutput();
        var newer = at(1, new byte[0]);
        newer.headers().add(OutputHeaders.SITE_EPOCH, OutputHeaders.epoch(2));
        var older = at(2, new byte[0]);
        older.headers().add(OutputHeaders.SITE_EPOCH, OutputHeaders.epoch(1));

        assertThat(actual.epochs().isTaken(newer)).isTrue();
        assertThat(actual.epochs().isTaken(older)).isFalse();
        assertThat(epochFindings(new Expectation(termsOfEpoch(2), UserNames.plain()), actual))
                .singleElement()
                .asString()
                .startsWith("1 output records are refused by readers")
                .contains("in-0@2 is of epoch 1, where 2 is the highest");
    }

    private static byte[] ofEpoch(long epoch, String requestId, long producedMillis) {
        return encoded(aRecommendation("r-" + requestId, "u1", requestId, null, producedMillis, "i1")
                .setSiteEpoch(epoch)
                .build());
    }

    private static List<String> epochFindings(Expectation expected, ObservedOutput actual) {
        return Reconciliation.compare(expected, actual).findings().stream()
                .filter(finding -> finding.contains("siteEpoch"))
                .toList();
    }

    @Test
    void listsByFallbacksAloneAreFoundWithTheirReasonAndSinceWhen() {
        Expectation expected = new Expectation(Records.TERMS, UserNames.plain());
        ObservedOutput actual = new ObservedOutput();
        actual.recommendation(at(by("fallback:retrieval-order", "q1", NOW)));
        actual.recommendation(at(by("fallback:retrieval-order", "q2", NOW + 5)));
        actual.recommendation(at(by("fallback:trending", "q3", NOW + 1)));

        Reconciliation.Report report = Reconciliation.compare(expected, actual);

        assertThat(report.findings().get(0))
                .startsWith(
                        "EVERY list is made by a fallback, {fallback:retrieval-order=2, fallback:trending=1}, since "
                                + Instant.ofEpochMilli(NOW));
        assertThat(report.fallbacks()).isEqualTo(3);
    }

    @Test
    void listsByFallbacksAreFoundBeforeTheyAreCommittedWithWhatTheAlertsSay() {
        ObservedOutput actual = new ObservedOutput();
        actual.response(at(by("fallback:retrieval-order", "q1", NOW)));
        actual.alert(at(alert("kafka", "broker 1", "KAFKA_UNREACHABLE", NOW)));
        actual.alert(at(alert("model", "ranker/v1", "MODEL_UNAVAILABLE", NOW)));
        actual.alert(at(alert("model", "ranker/v0", "MODEL_REFUSED", NOW - 3_600_000)));

        Reconciliation.Report report =
                Reconciliation.compare(new Expectation(Records.TERMS, UserNames.plain()), actual);

        assertThat(report.findings().get(0))
                .startsWith("EVERY list is made by a fallback")
                .endsWith("The topic alerts says why: MODEL_UNAVAILABLE of ranker/v1: about ranker/v1");
    }

    @Test
    void lostDataIsToldBeforeFallbacks() {
        Expectation expected = new Expectation(Records.TERMS, UserNames.plain());
        ObservedOutput actual = new ObservedOutput();
        expected.event(at(0, event("e1", "u1", EventType.VIEW)));
        actual.recommendation(at(by("fallback:retrieval-order", "q1", NOW)));

        List<String> findings = Reconciliation.compare(expected, actual).findings();

        assertThat(findings.get(0)).isEqualTo("1 events were lost");
        assertThat(findings.get(1)).startsWith("1 recommendations are missing");
        assertThat(findings.get(2)).startsWith("EVERY list is made by a fallback");
    }

    @Test
    void aModelThatScoresNoMoreIsFoundAfterAMinute() {
        RightShop shop = new RightShop();
        answered(shop, by("fallback:retrieval-order", "q1", NOW), "q1");
        answered(shop, by("fallback:retrieval-order", "q2", NOW + 60_000), "q2");
        assertThat(shop.findings()).isEmpty();

        answered(shop, by("fallback:retrieval-order", "q3", NOW + 60_001), "q3");
        assertThat(shop.findings())
                .singleElement()
                .asString()
                .startsWith("every list is made by a fallback, fallback:retrieval-order, since "
                        + Instant.ofEpochMilli(NOW));

        answered(shop, by("v1", "q4", NOW + 70_000), "q4");
        assertThat(shop.findings()).isEmpty();
    }

    @Test
    void listsOfCampaignsNeedNoModel() {
        RightShop shop = new RightShop();
        shop.expect(aRequest("q1").setScenario(Scenario.CAMPAIGN).build());
        shop.answer(aRecommendation("r1", "u1", "q1", null, NOW, "sale")
                .setScenario(Scenario.CAMPAIGN)
                .setModelVersion("campaign-value")
                .build());

        assertThat(shop.findings()).isEmpty();
        assertThat(shop.report().fallbacks()).isZero();
    }

    private static byte[] by(String version, String requestId, long producedMillis) {
        Recommendation list = aRecommendation("r-" + requestId, "u1", requestId, null, producedMillis, "i1")
                .setModelVersion(version)
                .build();
        return encoded(list);
    }

    private static void answered(RightShop shop, byte[] list, String requestId) {
        shop.expect(aRequest(requestId).build());
        shop.actual.response(at(list));
        shop.actual.recommendation(at(list));
    }

    private static byte[] alert(String component, String subject, String reason, long atMillis) {
        return RecordCodec.of(Alert.class)
                .encode(Alert.newBuilder()
                        .setComponent(component)
                        .setSubject(subject)
                        .setSeverity(AlertSeverity.CRITICAL)
                        .setReason(reason)
                        .setMessage("about " + subject)
                        .setRaisedAt(atMillis)
                        .build());
    }
}
