package dev.rebound.deploy.lab.evaluate;

import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FirstPart;
import dev.rebound.deploy.site.CommandFailedException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is predicted from what.
 *
 * @param test for next-item
 * @param splitAt where training ends and predicting begins; null for the usual share of the events
 * @param lastOnly whether of each user in the test file only the last event is predicted
 * @param lineByLine whether what a user does at one time is predicted from each other too
 */
public record EvaluationPlan(
        String name,
        Protocol protocol,
        EventSource events,
        @Nullable EventSource test,
        @Nullable Instant splitAt,
        boolean lastOnly,
        boolean lineByLine) {
    /** Of a stream without a test file, the first part that the model is trained on. */
    private static final double TRAINED_SHARE = 0.3;

    /** The same where lists that were shown are put into another order. */
    private static final double TRAINED_SHARE_OF_LISTS = 0.8;

    public EvaluationPlan {
        if (protocol == Protocol.NEXT_ITEM && test == null) {
            throw new CommandFailedException("The protocol next-item needs a file to predict: give it with --test");
        }
        if (protocol == Protocol.NEXT_ITEM && splitAt != null) {
            throw new CommandFailedException(
                    "The protocol next-item learns from all of the events and predicts those of"
                            + " --test: leave --split-at out, or choose the protocol test-then-train");
        }
    }

    /** What the model is trained on. */
    FirstPart trained() {
        if (splitAt != null) {
            return FirstPart.before(splitAt);
        }
        return switch (protocol) {
            case NEXT_ITEM, CAMPAIGNS -> FirstPart.ALL;
            case TEST_THEN_TRAIN -> share(TRAINED_SHARE);
            case RERANK -> share(TRAINED_SHARE_OF_LISTS);
        };
    }

    private FirstPart share(double share) {
        return FirstPart.of((long) (events.eventCount() * share));
    }
}
