package dev.rebound.operators.training;

import static dev.rebound.operators.Signals.aSearchRequest;
import static dev.rebound.operators.Signals.aTitledItem;
import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.scoring.ScoringBatch;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.EventType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A small shop in which "apple" is a brand of phones and a fruit. */
class SearchLearningTest {
    private static final List<ItemSignal> SHOP = List.of(
            aTitledItem("phone", "apple phone", "phones"),
            aTitledItem("charger", "apple charger", "phones"),
            aTitledItem("case", "apple case", "phones"),
            aTitledItem("juice", "sweet pressed apple juice from old trees", "drinks"),
            aTitledItem("cider", "dry apple cider from very old trees", "drinks"),
            aTitledItem("sofa", "grey sofa", "seats"),
            aTitledItem("cup", "不锈钢保温杯", "杯子"),
            aTitledItem("tv", "液晶电视", "家电"));

    private final OfflinePipeline pipeline = new OfflinePipeline();
    private final ScoringBatch batch =
            new ScoringBatch(pipeline.table(), pipeline.popular(), pipeline.sessions(), 1, 20);
    private int events;

    SearchLearningTest() {
        SHOP.forEach(pipeline::catalog);
    }

    private List<String> find(String query) {
        ScoringTask task = new ScoringTask();
        UserSignal request = aSearchRequest("r" + ++events, "who-asks", query);
        task.timeMillis = request.timeMillis;
        task.searchOf(request);
        batch.clear();
        batch.add(task);
        batch.scoreByRetrieval();
        List<String> found = new ArrayList<>();
        for (int c = 0; c < batch.candidates(0).size(); c++) {
            found.add(pipeline.table().item(batch.candidates(0).slots[c]).itemId);
        }
        return found;
    }

    private void learn(UserSignal event) {
        assertThat(pipeline.isNew(event)).isTrue();
        pipeline.learn(event);
    }

    private void searchAndClick(String query, String item) {
        String user = "u" + ++events;
        learn(anEvent("s" + events).by(user).searching(query).atSecond(0));
        learn(anEvent("c" + events).by(user).doing(EventType.CLICK, item).atSecond(5));
    }

    @Test
    void whereClicksSayWhatAnAmbiguousWordMeansThatCategoryIsFirst() {
        assertThat(find("apple").subList(0, 3)).containsExactlyInAnyOrder("phone", "charger", "case");

        for (int i = 0; i < 5; i++) {
            searchAndClick("apple", "juice");
        }

        assertThat(find("apple")).startsWith("juice", "cider").contains("phone");
    }

    @Test
    void whatAWordMeansHelpsAQueryThatNobodyMadeBefore() {
        for (int i = 0; i < 20; i++) {
            searchAndClick("apple", "juice");
        }

        assertThat(find("old apple")).first().isEqualTo("juice");
    }

    @Test
    void anItemThatUsersTakeIsFoundWithoutTheWord() {
        assertThat(find("couch")).doesNotContain("sofa");

        searchAndClick("couch", "sofa");

        assertThat(find("COUCH")).containsExactly("sofa");
    }

    @Test
    void aChineseQueryFindsWhatHasItsCharactersAndLearnsToo() {
        assertThat(find("保温杯")).containsExactly("cup");

        searchAndClick("热水", "cup");

        assertThat(find("热水")).containsExactly("cup");
    }

    @Test
    void aModelLearnsFromWhatWasTakenOfTheAnswersToASearch() {
        HistoryReplay history = new HistoryReplay(10, 1, false, false, 1);
        SHOP.forEach(history::catalog);
        history.event(anEvent("s").searching("apple").atSecond(0));
        history.event(anEvent("c").doing(EventType.CLICK, "juice").atSecond(5));

        TrainingSet set = history.trainingSet();

        assertThat(set.size()).isEqualTo(1);
        int juice = 0;
        while (set.candidateKey(0, juice) != ItemKey.of("juice")) {
            juice++;
        }
        assertThat(set.label(0, juice)).isEqualTo(1);
        assertThat(set.dense(0, juice, DenseFeature.LEXICAL_SHARE.ordinal())).isEqualTo(1);
        assertThat(set.dense(0, juice, DenseFeature.QUERY_ITEM_AFFINITY.ordinal()))
                .as("nothing of the moment itself")
                .isZero();
    }

    @Test
    void anEventAndARequestOfOneSearchAreOneMoment() {
        HistoryReplay history = new HistoryReplay(10, 1, false, false, 1);
        SHOP.forEach(history::catalog);
        history.request(aSearchRequest("r", "u", "apple"));
        history.event(anEvent("s").searching("apple").atSecond(1));
        history.event(anEvent("c").doing(EventType.CLICK, "juice").of("r").atSecond(5));
        history.event(anEvent("c2").doing(EventType.CART, "juice").of("r").atSecond(6));

        TrainingSet set = history.trainingSet();

        assertThat(set.dense(0, 0, DenseFeature.LEXICAL_SHARE.ordinal())).isEqualTo(1);
        for (int moment = 1; moment < set.size(); moment++) {
            assertThat(set.dense(moment, 0, DenseFeature.LEXICAL_SHARE.ordinal()))
                    .as("an ordinary choice")
                    .isZero();
        }
    }

    @Test
    void whatIsTakenTogetherAfterASearchIsOneMoment() {
        HistoryReplay history = new HistoryReplay(10, 1, false, false, 1);
        SHOP.forEach(history::catalog);
        history.event(anEvent("s").searching("apple").atSecond(0));
        history.event(anEvent("c1").doing(EventType.PURCHASE, "juice").atSecond(5));
        history.event(anEvent("c2").doing(EventType.PURCHASE, "cider").atSecond(5));

        TrainingSet set = history.trainingSet();

        assertThat(set.size()).isEqualTo(1);
        List<Long> taken = new ArrayList<>();
        for (int candidate = 0; candidate < set.candidates(); candidate++) {
            if (set.label(0, candidate) == 1) {
                taken.add(set.candidateKey(0, candidate));
            }
        }
        assertThat(taken).containsExactlyInAnyOrder(ItemKey.of("juice"), ItemKey.of("cider"));
    }
}
