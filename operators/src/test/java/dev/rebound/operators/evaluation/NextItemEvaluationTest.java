package dev.rebound.operators.evaluation;

import static dev.rebound.operators.Signals.aCatalogItem;
import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.Signals;
import dev.rebound.operators.evaluation.NextItemEvaluation.Use;
import dev.rebound.operators.training.OfflinePipeline;
import java.util.List;
import org.junit.jupiter.api.Test;

class NextItemEvaluationTest {
    private final OfflinePipeline pipeline = new OfflinePipeline();
    private final NextItemEvaluation evaluation = new NextItemEvaluation(
            pipeline,
            List.of(
                    CountBaseline.markov(),
                    new SessionNeighbourBaseline(),
                    new PipelineRecommender("retrieval", pipeline, null, 64, 100)));
    private int events;

    NextItemEvaluationTest() {
        for (String item : "a b c d".split(" ")) {
            evaluation.catalog(aCatalogItem(item, "lamps", Signals.START));
        }
    }

    private void visit(String user, Use use, String... items) {
        for (String item : items) {
            events++;
            evaluation.event(anEvent("e" + events).by(user).viewing(item).atSecond(events), use);
        }
    }

    private double hitRate(int recommender) {
        evaluation.flush();
        return evaluation.scores().get(recommender).metrics().get("hr@20");
    }

    private double reciprocalRank(int recommender) {
        evaluation.flush();
        return evaluation.scores().get(recommender).metrics().get("mrr@20");
    }

    @Test
    void whatWasLearnedIsForeseen() {
        for (int user = 0; user < 5; user++) {
            visit("old-" + user, Use.LEARN, "a", "b");
        }
        visit("new", Use.PREDICT, "a", "b");

        for (int recommender = 0; recommender < 3; recommender++) {
            assertThat(hitRate(recommender)).isEqualTo(1);
            assertThat(evaluation.scores().get(recommender).count()).isEqualTo(1);
        }
        assertThat(reciprocalRank(0)).isEqualTo(1);
        assertThat(reciprocalRank(2)).isEqualTo(1);
    }

    @Test
    void anEventIsForeseenBeforeItIsLearned() {
        visit("u1", Use.PREDICT_THEN_LEARN, "a", "b");

        assertThat(hitRate(0)).as("nobody went from a to b before").isZero();

        visit("u2", Use.PREDICT_THEN_LEARN, "a", "b");

        assertThat(hitRate(0)).isEqualTo(0.5);
    }

    @Test
    void nothingIsLearnedFromEventsThatAreOnlyForeseen() {
        for (int user = 0; user < 5; user++) {
            visit("u" + user, Use.PREDICT, "a", "b");
        }

        assertThat(hitRate(0)).isZero();
        assertThat(hitRate(1)).isZero();
    }

    @Test
    void aUsersOwnEventsComeInOrderHoweverMuchWaits() {
        visit("other", Use.LEARN, "a", "b", "c");
        visit("u1", Use.PREDICT, "a");
        visit("u2", Use.PREDICT, "a");
        visit("u1", Use.PREDICT, "b");
        visit("u2", Use.PREDICT, "b");
        visit("u1", Use.PREDICT, "c");
        visit("u2", Use.PREDICT, "c");

        assertThat(hitRate(0)).isEqualTo(1);
        assertThat(evaluation.scores().get(0).count()).isEqualTo(4);
    }

    @Test
    void aDuplicateIsNotForeseenAgain() {
        visit("u", Use.PREDICT_THEN_LEARN, "a");
        var event = anEvent("same").by("u").viewing("b").atSecond(100);
        evaluation.event(event, Use.PREDICT_THEN_LEARN);
        evaluation.event(event, Use.PREDICT_THEN_LEARN);
        evaluation.flush();

        assertThat(evaluation.scores().get(0).count()).isEqualTo(1);
    }

    @Test
    void confidenceIsThatOfAMean() {
        Mean mean = new Mean();
        for (int i = 0; i < 100; i++) {
            mean.add(i % 2);
        }

        assertThat(mean.value()).isCloseTo(0.5, within(1e-9));
        assertThat(mean.halfWidth95()).isCloseTo(1.96 * 0.5025 / 10, within(1e-3));
    }
}
