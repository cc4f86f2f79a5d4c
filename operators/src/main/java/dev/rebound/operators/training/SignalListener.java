package dev.rebound.operators.training;

import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.user.UserSignal;

/** Takes the signals of a feed in their order, each overwritten by the next. */
public interface SignalListener {
    /** A catalog change. */
    void catalog(ItemSignal item);

    /** What a user did. */
    void event(UserSignal event);

    /** A page that wants items; of no interest to most. */
    default void request(UserSignal request) {}

    /** A campaign that is new, changed or over; of no interest to most. */
    default void campaign(CampaignSignal campaign) {}

    /** A page that wants campaigns, and so brings no items; of no interest to most. */
    default void campaignRequest(UserSignal request) {}
}
