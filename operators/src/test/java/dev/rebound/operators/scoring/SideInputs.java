package dev.rebound.operators.scoring;

import dev.rebound.operators.campaigns.CampaignUpdate;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.schemas.ModelRelease;

/** One of each part. */
final class SideInputs {
    private SideInputs() {}

    static SideInput of(ItemUpdate update) {
        SideInput input = new SideInput();
        input.item(update);
        return input;
    }

    static SideInput of(CampaignUpdate update) {
        SideInput input = new SideInput();
        input.campaign(update);
        return input;
    }

    static SideInput of(ModelRelease release) {
        SideInput input = new SideInput();
        input.release(release);
        return input;
    }
}
