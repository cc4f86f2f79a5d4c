package dev.rebound.deploy.lab.evaluation;

import static dev.rebound.operators.Signals.aCatalogItem;
import static dev.rebound.operators.Signals.aRequest;
import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.EventType;
import java.util.List;
import org.junit.jupiter.api.Test;

class RerankEvaluationTest {
    private final OfflinePipeline pipeline = new OfflinePipeline();
    private final RerankEvaluation evaluation = new RerankEvaluation(
            pipeline,
            List.of(
                    new AttributeOrder("popularity", pipeline.table(), item -> item.popularity),
                    new PipelineRecommender("as-shown", pipeline, null, 1, 100)));
    private int events;

    RerankEvaluationTest() {
        for (String item : "a b c".split(" ")) {
            evaluation.catalog(aCatalogItem(item, "lamps", Signals.START));
        }
    }

    private void show(String request, String... items) {
        UserSignal shown = aRequest(request, "u");
        shown.candidates = new long[items.length];
        for (int i = 0; i < items.length; i++) {
            shown.candidates[i] = ItemKey.of(items[i]);
        }
        evaluation.request(shown);
    }

    private void click(String request, String item) {
        events++;
        UserSignal click = anEvent("e" + events).doing(EventType.CLICK, item).atSecond(events);
        click.requestId = request;
        evaluation.event(click);
    }

    @Test
    void aListIsJudgedByWhatWasChosenOfIt() {
        show("r1", "a", "b", "c");
        click("r1", "c");

        Scores asShown = evaluation.scores().get(1);

        assertThat(asShown.metrics().get("mrr@20")).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(asShown.metrics().get("ndcg@10")).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void twoChosenAtTheTopArePerfect() {
        show("r1", "a", "b", "c");
        click("r1", "b");
        click("r1", "a");

        assertThat(evaluation.scores().get(1).metrics().get("ndcg@10")).isCloseTo(1, within(1e-9));
    }

    @Test
    void whatIsChosenLaterDoesNotChangeTheOrderOfNow() {
        show("r1", "a", "b", "c");
        click("r1", "c");
        show("r2", "a", "b", "c");
        click("r2", "c");

        List<Scores> scores = evaluation.scores();

        assertThat(scores.get(0).count()).isEqualTo(2);
        assertThat(scores.get(0).metrics().get("mrr@20"))
                .as("third at first, then the most popular")
                .isCloseTo((1.0 / 3 + 1) / 2, within(1e-9));
    }

    @Test
    void aListOfWhichNothingWasChosenIsLeftOut() {
        show("r1", "a", "b");

        assertThat(evaluation.scores().get(0).count()).isZero();
    }
}
