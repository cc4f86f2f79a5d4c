package dev.rebound.operators.scoring;

import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left out while tasks wait for too long, in Flink's harness. */
class OverloadTest extends ScoringHarness {
    private static final Duration MOST_WAIT = Duration.ofSeconds(2);
    private static final long WAITED = 3 * MOST_WAIT.toMillis();

    OverloadTest() {
        super(MOST_WAIT, Duration.ofMinutes(10));
    }

    @BeforeEach
    void now() throws Exception {
        harness.setProcessingTime(START);
        release("v1", ReleaseStage.LIVE, 100, 1);
    }

    /** Answers a request that has waited for so long, an interval after the last one. */
    private Recommendation answer(ScoringTask task, long waitedMillis) throws Exception {
        long now = harness.getProcessingTime() + OverloadLadder.INTERVAL_MILLIS;
        task.timeMillis = now - waitedMillis;
        harness.setProcessingTime(now);
        send(task);
        harness.getOperator().prepareSnapshotPreBarrier(1);
        List<Recommendation> all = recommendations();
        return all.get(all.size() - 1);
    }

    /** Has tasks of strangers wait until so many steps have been taken. */
    private void overload(OverloadStep until) throws Exception {
        for (int i = 0; i < until.ordinal(); i++) {
            answer(request("stranger"), WAITED);
        }
    }

    private static List<String> items(Recommendation recommendation) {
        return recommendation.getItems().stream()
                .map(RecommendedItem::getItemId)
                .toList();
    }

    @Test
    void whoIsKnownGetsTheLastListAndOthersWhatIsPopular() throws Exception {
        Recommendation before = answer(request("known"), 0);
        overload(OverloadStep.LAST_LIST);
        int listsBefore = side(ScoringOutputs.LISTS).size();

        Recommendation known = answer(request("known"), WAITED);
        Recommendation other = answer(request("other"), WAITED);

        assertThat(known.getModelVersion()).isEqualTo(UnscoredLists.LAST_LIST);
        assertThat(items(known)).isEqualTo(items(before)).hasSize(10);
        assertThat(known.getRecommendationId()).isNotEqualTo(before.getRecommendationId());
        assertThat(other.getModelVersion()).isEqualTo(UnscoredLists.TRENDING);
        assertThat(items(other)).hasSize(10);
        assertThat(other.getItems().get(0).getReasons()).containsExactly("trending");
        assertThat(side(ScoringOutputs.RESPONSES)).hasSize(recommendations().size());
        assertThat(side(ScoringOutputs.LISTS))
                .as("nothing is to be learned from lists without features")
                .hasSize(listsBefore);
    }

    @Test
    void theLightVersionAnswersInPlaceOfLiveAndCanary() throws Exception {
        release("light", ReleaseStage.LIGHT, 0, 2);
        release("canary", ReleaseStage.CANARY, 100, 3);
        assertThat(answer(request("u"), 0).getModelVersion()).isEqualTo("canary");
        overload(OverloadStep.FEWER_CANDIDATES);
        assertThat(recommendations())
                .last()
                .extracting(Recommendation::getModelVersion)
                .isEqualTo("canary");

        assertThat(answer(request("u"), WAITED).getModelVersion()).isEqualTo("light");
    }

    @Test
    void withoutALightVersionTheLiveOneAnswers() throws Exception {
        overload(OverloadStep.SMALLER_MODEL);

        assertThat(recommendations())
                .last()
                .extracting(Recommendation::getModelVersion)
                .isEqualTo("v1");
    }

    @Test
    void halfTheCandidatesAreRetrieved() throws Exception {
        for (int i = ITEMS; i < 3 * CANDIDATES; i++) {
            item("more" + i);
        }
        ScoringTask task = request("u");
        task.count = 3 * CANDIDATES;
        assertThat(answer(task, 0).getItems()).hasSize(CANDIDATES);

        assertThat(answer(task, WAITED).getItems()).hasSize(CANDIDATES / 2);
    }

    private void item(String itemId) throws Exception {
        ItemUpdate update = new ItemUpdate();
        update.itemKey = ItemKey.of(itemId);
        update.item = new ItemState();
        update.item.entry =
                new CatalogEntry(itemId, "c", null, 100, true, new int[0], new long[0], new float[0], START);
        side(update);
    }

    @Test
    void nothingIsScoredUnseen() throws Exception {
        release("shadow", ReleaseStage.SHADOW, 0, 2);
        overload(OverloadStep.FEWER_CANDIDATES);

        assertThat(passes).containsOnlyKeys("v1");
    }

    @Test
    void whatIsSearchedForOrSentAlongIsScoredAtEveryStep() throws Exception {
        overload(OverloadStep.TRENDING);
        ScoringTask search = request("u");
        search.searchOf(Signals.aSearchRequest("r", "u", "lamp"));
        search.scenario = Scenario.SEARCH;
        ScoringTask rerank = request("u");
        rerank.candidates = new long[] {ItemKey.of("i7"), ItemKey.of("i3")};

        assertThat(answer(search, WAITED).getModelVersion()).isEqualTo("v1");
        Recommendation ranked = answer(rerank, WAITED);
        assertThat(ranked.getModelVersion()).isEqualTo("v1");
        assertThat(items(ranked)).containsExactlyInAnyOrder("i7", "i3");
    }

    @Test
    void itIsLeftByItself() throws Exception {
        overload(OverloadStep.TRENDING);
        for (int i = 0; i < OverloadStep.TRENDING.ordinal() * OverloadLadder.CALM_INTERVALS; i++) {
            answer(request("u"), 0);
        }

        assertThat(answer(request("u"), 0).getModelVersion()).isEqualTo("v1");
    }

    @Test
    void anItemThatIsSoldOutIsLeftOutOfALastList() throws Exception {
        Recommendation before = answer(request("known"), 0);
        String soldOut = items(before).get(0);
        overload(OverloadStep.LAST_LIST);
        ItemUpdate update = new ItemUpdate();
        update.itemKey = ItemKey.of(soldOut);
        update.item = new ItemState();
        update.item.entry =
                new CatalogEntry(soldOut, "c", null, 100, false, new int[0], new long[0], new float[0], START);
        side(update);

        assertThat(items(answer(request("known"), WAITED)))
                .hasSize(9)
                .doesNotContain(soldOut)
                .isSubsetOf(items(before));
    }

    @Test
    void theLastListOfAnErasedUserIsForgotten() throws Exception {
        answer(request("known"), 0);
        ScoringTask erasure = request("known");
        erasure.kind = ScoringTask.Kind.ERASURE;
        send(erasure);
        overload(OverloadStep.TRENDING);

        assertThat(answer(request("known"), WAITED).getModelVersion()).isEqualTo(UnscoredLists.TRENDING);
    }
}
