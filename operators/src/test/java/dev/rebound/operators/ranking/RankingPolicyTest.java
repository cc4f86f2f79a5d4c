package dev.rebound.operators.ranking;

import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.retrieval.CandidateRetrieval;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.RetrievalRequest;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.retrieval.TableBuilder;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Scenario;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingPolicyTest {
    private static final int MOST = 20;

    private final TableBuilder shop = new TableBuilder();
    private final Candidates candidates = new Candidates(MOST);
    private final ScoringTask task = new ScoringTask();
    private final Slate slate = new Slate();

    /** Retrieves all of the shop, scores by the number in the item id, and chooses for a HOME page. */
    private List<String> choose(int maxPerCategory, int count) {
        return choose(PolicySettings.BY_SCORE.withMaxPerCategory(maxPerCategory).withNewItem(true), count);
    }

    private List<String> choose(PolicySettings settings, int count) {
        RecentSlots slots = new RecentSlots();
        slots.resolve(task.recent, shop.table());
        UserInterests interests = new UserInterests();
        interests.compute(task.recent, slots, shop.table(), START);
        new CandidateRetrieval(shop.table(), shop.popular(), new SessionIndex(1))
                .retrieve(new RetrievalRequest().user(task.recent, slots, interests, START), candidates);
        float[] scores = new float[MOST];
        for (int c = 0; c < candidates.size(); c++) {
            scores[c] = Integer.parseInt(id(c).substring(1)) / 20f;
        }
        task.count = count;
        new RankingPolicy(shop.table(), settings, MOST).choose(task, candidates, scores, 0, slate);
        return IntStream.range(0, slate.size())
                .mapToObj(n -> id(slate.candidate(n)))
                .toList();
    }

    private String id(int candidate) {
        return shop.table().item(candidates.slots[candidate]).itemId;
    }

    private void fourLampsAndTwoSofas() {
        for (int i = 4; i < 8; i++) {
            shop.item("i" + i).in("lamps").popular(1).put();
        }
        shop.item("i1")
                .in("sofas")
                .popular(1)
                .put()
                .item("i2")
                .in("sofas")
                .popular(1)
                .put();
    }

    @Test
    void theBestScoresComeFirst() {
        fourLampsAndTwoSofas();

        assertThat(choose(10, 3)).containsExactly("i7", "i6", "i5");
    }

    @Test
    void aPageIsNotAllOfOneCategory() {
        fourLampsAndTwoSofas();

        assertThat(choose(2, 4)).containsExactly("i7", "i6", "i2", "i1");
    }

    @Test
    void theCapGivesWayBeforeThePageStaysEmpty() {
        fourLampsAndTwoSofas();

        assertThat(choose(2, 6)).containsExactly("i7", "i6", "i2", "i1", "i5", "i4");
    }

    @Test
    void aPageAboutOneCategoryIsNotCapped() {
        fourLampsAndTwoSofas();

        task.scenario = Scenario.SIMILAR_ITEMS;

        assertThat(choose(PolicySettings.BY_SCORE.withDiversity(0.9f).withMaxPerCategory(2), 4))
                .containsExactly("i7", "i6", "i5", "i4");
    }

    @Test
    void fewerCandidatesThanPlacesAreAllShown() {
        shop.item("i1").popular(1).put();

        assertThat(choose(2, 5)).containsExactly("i1");
    }

    @Test
    void somethingNewOfTheUsersCategoryGetsTheLastPlace() {
        fourLampsAndTwoSofas();
        shop.item("i0").in("sofas").firstSeen(START + 5).put();
        task.recent.add(ItemKey.of("i1"), EventType.VIEW.ordinal(), START);

        assertThat(choose(10, 3)).hasSize(3).startsWith("i7", "i6").doesNotContain("i5");
    }

    @Test
    void theOnlyPlaceIsTheBestItemsThoughThereIsANewOne() {
        fourLampsAndTwoSofas();
        shop.item("i0").in("sofas").firstSeen(START + 5).put();
        task.recent.add(ItemKey.of("i1"), EventType.VIEW.ordinal(), START);

        assertThat(choose(10, 1)).containsExactly("i7");
    }

    @Test
    void somethingNewTakesNoPinsPlaceNorThatOfTheBestItem() {
        fourLampsAndTwoSofas();
        shop.item("i0").in("sofas").firstSeen(START + 5).put();
        task.recent.add(ItemKey.of("i1"), EventType.VIEW.ordinal(), START);
        PolicySettings settings = PolicySettings.BY_SCORE
                .withMaxPerCategory(10)
                .withNewItem(true)
                .withRules(PolicyBench.rules("pin=item:i4 pin=item:i5"));

        assertThat(choose(settings, 2)).containsExactly("i5", "i4");
        assertThat(choose(settings, 3)).containsExactly("i5", "i4", "i7");
        assertThat(choose(settings, 4)).hasSize(4).startsWith("i5", "i4", "i7").doesNotContain("i6");
    }

    /** One lamp, one chair, an old sofa and newer ones, of which the user looked at one. */
    private void oldAndNewSofas(String oldSofa) {
        shop.item("i7").in("lamps").popular(1).put();
        shop.item("i5").in("chairs").popular(1).put();
        shop.item(oldSofa).in("sofas").popular(9).put();
        for (String sofa : List.of("i1", "i01", "i001", "i0001", "i00001")) {
            shop.item(sofa).in("sofas").firstSeen(START + 5).put();
        }
        task.recent.add(ItemKey.of("i1"), EventType.VIEW.ordinal(), START);
    }

    @Test
    void somethingNewIsUnderTheCapOfItsCategoryToo() {
        oldAndNewSofas("i12");

        assertThat(choose(1, 3)).containsExactly("i12", "i7", "i5");
    }

    @Test
    void somethingNewMayTakeThePlaceOfItsOwnCategory() {
        oldAndNewSofas("i3");

        assertThat(choose(1, 3)).hasSize(3).startsWith("i7", "i5").doesNotContain("i3");
    }

    @Test
    void aFurtherItemOfACategoryHasToBeWorthMore() {
        fourLampsAndTwoSofas();

        // Odds: i7 7/13, i6 6/14, i5 5/15, i4 4/16; i2 2/18, i1 1/19.
        assertThat(choose(PolicySettings.BY_SCORE.withDiversity(0.5f), 4)).containsExactly("i7", "i6", "i2", "i5");
        assertThat(choose(PolicySettings.BY_SCORE.withDiversity(0.9f), 4)).containsExactly("i7", "i2", "i6", "i1");
    }

    @Test
    void withoutStrengthTheOrderIsThatOfScores() {
        fourLampsAndTwoSofas();

        assertThat(choose(PolicySettings.BY_SCORE, 6)).containsExactly("i7", "i6", "i5", "i4", "i2", "i1");
    }

    @Test
    void itemsWithoutACategoryAreNotRedundant() {
        for (int i = 3; i < 6; i++) {
            shop.item("i" + i).popular(1).put();
        }
        shop.item("i2").in("lamps").popular(1).put();

        assertThat(choose(PolicySettings.BY_SCORE.withDiversity(0.9f), 4)).containsExactly("i5", "i4", "i3", "i2");
    }

    @Test
    void onlyThePageIsMixedAndTheRestFollowsByScore() {
        for (int i = 1; i < 15; i++) {
            shop.item("i" + i).in(i < 4 ? "sofas" : "lamps").popular(1).put();
        }

        List<String> list = choose(PolicySettings.BY_SCORE.withDiversity(0.9f), 14);

        assertThat(list.subList(0, RankingPolicy.PAGE)).contains("i1", "i2", "i3");
        assertThat(list.subList(RankingPolicy.PAGE, 14)).containsExactly("i7", "i6", "i5", "i4");
    }

    @Test
    void aScoreOfOneComesFirstAndOneOfZeroLast() {
        shop.item("i20")
                .in("lamps")
                .popular(1)
                .put()
                .item("i0")
                .in("lamps")
                .popular(1)
                .put();
        fourLampsAndTwoSofas();

        assertThat(choose(PolicySettings.BY_SCORE.withDiversity(0.5f), 8))
                .startsWith("i20")
                .endsWith("i0");
    }
}
