package dev.rebound.operators.scoring;

import static dev.rebound.operators.Campaigns.aCampaign;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.campaigns.CampaignUpdate;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import org.apache.flink.api.common.functions.DefaultOpenContext;
import org.junit.jupiter.api.Test;

class SideInputTest {
    private static final ModelRelease RELEASE = ModelRelease.newBuilder()
            .setModel("ranker")
            .setVersion("1")
            .setPackageUri("file:///none")
            .setSha256("0")
            .setStage(ReleaseStage.LIVE)
            .setIssuedAt(1)
            .build();

    private static SideInput moved(SideInput input) {
        SideInput reuse = SideInputs.of(RELEASE);
        return new SideInputSerializer().copy(input, reuse);
    }

    @Test
    void anItemsUpdateIsReadAsItWasWritten() {
        ItemUpdate session = new ItemUpdate();
        session.kind = ItemUpdate.Kind.SESSION;
        session.sessionKey = 7;
        session.sessionItems = new long[] {2, 1};

        SideInput moved = moved(SideInputs.of(session));

        assertThat(moved.item).usingRecursiveComparison().isEqualTo(session);
        assertThat(moved.campaign).isNull();
        assertThat(moved.release).isNull();
    }

    @Test
    void aCampaignsUpdateIsReadAsItWasWritten() {
        CampaignUpdate update = new CampaignUpdate();
        update.campaignKey = 9;
        update.entry = aCampaign("c").on("a").entry();
        update.spent = true;

        SideInput moved = moved(SideInputs.of(update));

        assertThat(moved.campaign).usingRecursiveComparison().isEqualTo(update);
        assertThat(moved.item).isNull();
        assertThat(moved.release).isNull();
    }

    @Test
    void aReleaseIsReadAsItWasWritten() {
        SideInput moved = new SideInputSerializer().copy(SideInputs.of(RELEASE), SideInputs.of(new ItemUpdate()));

        assertThat(moved.release).isEqualTo(RELEASE);
        assertThat(moved.item).isNull();
        assertThat(moved.campaign).isNull();
    }

    @Test
    void oneInstanceCarriesARecordAfterTheOther() {
        SideInput.Of<ItemUpdate> items = new SideInput.Of<>(SideInput::item);
        items.open(DefaultOpenContext.INSTANCE);
        ItemUpdate first = new ItemUpdate();
        ItemUpdate second = new ItemUpdate();

        SideInput ofFirst = items.map(first);
        assertThat(ofFirst.item).isSameAs(first);
        assertThat(items.map(second)).isSameAs(ofFirst);
        assertThat(ofFirst.item).isSameAs(second);
    }
}
