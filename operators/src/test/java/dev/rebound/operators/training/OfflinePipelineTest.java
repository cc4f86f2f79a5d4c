package dev.rebound.operators.training;

import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.user.UserSignal;
import org.junit.jupiter.api.Test;

class OfflinePipelineTest {
    private final OfflinePipeline pipeline = new OfflinePipeline();

    private boolean learn(UserSignal event) {
        boolean isNew = pipeline.isNew(event);
        if (isNew) {
            pipeline.learn(event);
        }
        return isNew;
    }

    @Test
    void anErasedUserBeginsAnewAsInTheJob() {
        learn(anEvent("e1").viewing("a").atSecond(0));
        learn(anEvent("e2").viewing("b").atSecond(1));

        assertThat(learn(anEvent("x").erasing().atSecond(2)))
                .as("is no event to learn")
                .isFalse();
        assertThat(pipeline.user("u").totalCount()).isZero();
        learn(anEvent("e1").viewing("a").atSecond(3));
        assertThat(pipeline.user("u").totalCount()).isEqualTo(1);
    }

    @Test
    void aDuplicateIsNotLearned() {
        assertThat(learn(anEvent("e1").viewing("a").atSecond(0))).isTrue();
        assertThat(learn(anEvent("e1").viewing("a").atSecond(0))).isFalse();
    }
}
