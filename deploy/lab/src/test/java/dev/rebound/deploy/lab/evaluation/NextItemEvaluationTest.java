package dev.rebound.deploy.lab.evaluation;

import static dev.rebound.operators.Signals.aCatalogItem;
import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.lab.evaluation.NextItemEvaluation.Use;
import dev.rebound.operators.Signals;
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
                    new PipelineRecommender("retrieval", pipeline, null, 64, 100)),
            false);
    private int events;

    NextItemEvaluationTest() {
        for (String item : "a b c d".split(" ")) {
            evaluation.as(Use.LEARN).catalog(aCatalogItem(item, "lamps", Signals.START));
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
    void aBasketIsForeseenFromWhatWasBeforeIt() {
        for (int user = 0; user < 5; user++) {
            visit("old-" + user, Use.LEARN, "a", "b", "c");
        }
        evaluation.event(anEvent("first").by("u").viewing("a").atSecond(100), Use.PREDICT_THEN_LEARN);
        evaluation.event(anEvent("line-1").by("u").viewing("c").atSecond(101), Use.PREDICT_THEN_LEARN);
        evaluation.event(anEvent("line-2").by("u").viewing("b").atSecond(101), Use.PREDICT_THEN_LEARN);
        evaluation.event(anEvent("line-3").by("u").viewing("b").atSecond(101), Use.PREDICT_THEN_LEARN);

        assertThat(reciprocalRank(0))
                .as("b follows a and is first of one list; c is not predicted from its basket's b")
                .isLessThan(1);
        assertThat(evaluation.scores().get(0).count()).as("different items").isEqualTo(2);
    }

    @Test
    void aFirstBasketIsNotForeseenFromItself() {
        for (String item : List.of("a", "b")) {
            evaluation.event(anEvent("line-" + item).by("u").viewing(item).atSecond(1), Use.PREDICT_THEN_LEARN);
        }
        evaluation.flush();

        assertThat(evaluation.scores().get(0).count()).isZero();
    }

    @Test
    void whatIsNewToTheUserOrToTheShopIsCountedApart() {
        for (int user = 0; user < 5; user++) {
            visit("old-" + user, Use.LEARN, "a", "b");
        }
        visit("u", Use.PREDICT, "a", "b", "a");

        evaluation.flush();
        var metrics = evaluation.scores().get(1).metrics();
        assertThat(metrics.get("new_item_share")).isEqualTo(0.5);
        assertThat(metrics.get("new_item_hr@20")).isEqualTo(1);
        assertThat(metrics.get("cold_user_share")).isEqualTo(1);
        assertThat(metrics.get("cold_item_share")).isZero();
        assertThat(metrics).doesNotContainKey("cold_item_hr@20");
    }
}
