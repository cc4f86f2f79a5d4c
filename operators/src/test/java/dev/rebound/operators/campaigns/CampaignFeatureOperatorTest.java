package dev.rebound.operators.campaigns;

import static dev.rebound.operators.Campaigns.aCampaign;
import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CampaignFeatureOperatorTest {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private KeyedOneInputStreamOperatorTestHarness<Long, CampaignSignal, CampaignUpdate> harness;
    private long clock;

    @BeforeEach
    void start() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    private static KeyedOneInputStreamOperatorTestHarness<Long, CampaignSignal, CampaignUpdate> harness()
            throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<Long, CampaignSignal, CampaignUpdate>(
                SimpleOperatorFactory.of(new CampaignFeatureOperator(INTERVAL)),
                signal -> signal.campaignKey,
                Types.LONG,
                16,
                1,
                0);
        harness.getExecutionConfig().enableObjectReuse();
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        harness.setup(CampaignFeatureOperator.type()
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        return harness;
    }

    private void send(CampaignSignal signal) throws Exception {
        harness.processElement(signal, START);
    }

    private List<CampaignUpdate> sentAfterAnInterval() throws Exception {
        harness.getOutput().clear();
        clock += INTERVAL.toMillis();
        harness.setProcessingTime(clock);
        return harness.extractOutputValues();
    }

    private void restore() throws Exception {
        harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
    }

    private boolean isSpent() throws Exception {
        List<CampaignUpdate> sent = sentAfterAnInterval();
        return sent.get(sent.size() - 1).spent;
    }

    @Test
    void theFirstSendingEndsWithAMarkEvenOfNothing() throws Exception {
        assertThat(sentAfterAnInterval()).singleElement().satisfies(update -> {
            assertThat(update.kind).isEqualTo(CampaignUpdate.Kind.COMPLETE);
            assertThat(update.subtasks).isEqualTo(1);
        });
    }

    @Test
    void aScopeIsSentOnceAndNotWithEachRedemption() throws Exception {
        sentAfterAnInterval();
        send(aCampaign("c").on("a", "b").defined());
        sentAfterAnInterval();
        for (int i = 0; i < 100; i++) {
            send(aCampaign("c").redeemed());
        }

        assertThat(sentAfterAnInterval())
                .singleElement()
                .satisfies(update -> assertThat(update.kind).isEqualTo(CampaignUpdate.Kind.SPENDING));
    }

    @Test
    void aBudgetIsSpentWhenOneMoreRedemptionWouldExceedIt() throws Exception {
        sentAfterAnInterval();
        send(aCampaign("c").budget(500).discount(200).defined());
        send(aCampaign("c").redeemed());
        assertThat(isSpent()).isFalse();
        send(aCampaign("c").redeemed());
        assertThat(isSpent()).isTrue();
    }

    @Test
    void theCostThatAnEventNamesCountsInsteadOfTheCampaigns() throws Exception {
        sentAfterAnInterval();
        send(aCampaign("c").budget(500).discount(200).defined());
        send(aCampaign("c").redeemedAt(10));
        send(aCampaign("c").redeemedAt(10));
        assertThat(isSpent()).isFalse();
    }

    @Test
    void redemptionsThatComeBeforeTheCampaignCountToo() throws Exception {
        sentAfterAnInterval();
        send(aCampaign("c").redeemed());
        send(aCampaign("c").redeemed());
        restore();
        sentAfterAnInterval();
        send(aCampaign("c").budget(500).discount(200).defined());

        assertThat(isSpent()).isTrue();
    }

    @Test
    void noSumOfRedemptionsIsSoGreatThatABudgetHasNoEnd() throws Exception {
        sentAfterAnInterval();
        send(aCampaign("c").budget(500).discount(200).defined());
        send(aCampaign("c").redeemedAt(Long.MAX_VALUE));
        assertThat(isSpent()).isTrue();
        send(aCampaign("c").redeemedAt(Long.MAX_VALUE));
        send(aCampaign("c").redeemedAt(2));
        assertThat(isSpent()).isTrue();
    }

    @Test
    void redemptionsBeforeTheCampaignCannotAddUpToADebtOfTheUsers() throws Exception {
        sentAfterAnInterval();
        for (int i = 0; i < 3; i++) {
            send(aCampaign("c").redeemed());
        }
        send(aCampaign("c").budget(500).discount(Long.MAX_VALUE / 2).defined());

        assertThat(isSpent()).isTrue();
    }

    @Test
    void aRaisedBudgetReopensTheCampaign() throws Exception {
        sentAfterAnInterval();
        send(aCampaign("c").budget(100).discount(100).defined());
        send(aCampaign("c").redeemed());
        assertThat(isSpent()).isTrue();
        send(aCampaign("c").budget(200).discount(100).defined());
        assertThat(isSpent()).isFalse();
    }

    @Test
    void afterARestoreEveryCampaignIsSentInFullWithWhatItSpent() throws Exception {
        sentAfterAnInterval();
        send(aCampaign("spent").on("a").budget(100).discount(100).defined());
        send(aCampaign("spent").redeemed());
        send(aCampaign("open").on("a", "b").defined());
        send(aCampaign("ended").defined());
        send(aCampaign("ended").ended());
        restore();
        List<CampaignUpdate> sent = sentAfterAnInterval();

        assertThat(sent).hasSize(3);
        assertThat(sent.get(2).kind).isEqualTo(CampaignUpdate.Kind.COMPLETE);
        assertThat(sent.subList(0, 2)).allMatch(update -> update.kind == CampaignUpdate.Kind.CAMPAIGN);
        assertThat(sent.subList(0, 2))
                .extracting(update -> update.entry.campaignId() + " " + update.spent)
                .containsExactlyInAnyOrder("spent true", "open false");
    }

    @Test
    void anEndedCampaignIsSentAsOver() throws Exception {
        sentAfterAnInterval();
        send(aCampaign("c").defined());
        harness.getOutput().clear();
        send(aCampaign("c").ended());

        assertThat(harness.extractOutputValues()).singleElement().satisfies(update -> {
            assertThat(update.kind).isEqualTo(CampaignUpdate.Kind.CAMPAIGN);
            assertThat(update.entry).isNull();
        });
    }
}
