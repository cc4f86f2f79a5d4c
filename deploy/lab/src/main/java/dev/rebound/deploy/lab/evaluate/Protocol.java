package dev.rebound.deploy.lab.evaluate;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What is predicted from what. */
public enum Protocol {
    /** After a first part that the model is trained on, each event is predicted and then learned. */
    TEST_THEN_TRAIN,
    /** Trained on one file; in another each event after a user's first is predicted from that user's events before it. */
    NEXT_ITEM,
    /** Lists that were shown are put into an order, judged by what was clicked, then learned. */
    RERANK,
    /** Of the campaigns that a user holds, those that the user then redeems are predicted; the last campaigns are judged. */
    CAMPAIGNS;

    /** As on the command line. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
