package dev.rebound.operators.ranking;

import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.features.ItemKey;
import dev.rebound.operators.features.RecentItems;
import dev.rebound.operators.retrieval.CandidateRetrieval;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.retrieval.TableBuilder;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.schemas.EventType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingPolicyTest {
    private final TableBuilder shop = new TableBuilder();
    private final Candidates candidates = new Candidates(10);
    private final RecentItems recent = new RecentItems();

    /** Retrieves all of the shop, scores by the number in the item id, and chooses. */
    private List<String> choose(int maxPerCategory, boolean capped, int count) {
        RecentSlots slots = new RecentSlots();
        slots.resolve(recent, shop.table());
        UserInterests interests = new UserInterests();
        interests.compute(recent, slots, shop.table(), START);
        new CandidateRetrieval(shop.table(), shop.popular(), new SessionIndex(1))
                .retrieve(recent, slots, interests, 0, ItemKey.NONE, null, new int[0], START, candidates);
        float[] scores = new float[10];
        for (int c = 0; c < candidates.size(); c++) {
            scores[c] = Integer.parseInt(id(c).substring(1)) / 10f;
        }
        int[] chosen = new int[count];
        int size = new RankingPolicy(shop.table(), maxPerCategory, 10).choose(candidates, scores, 0, capped, chosen);
        return Arrays.stream(chosen).limit(size).mapToObj(this::id).toList();
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

        assertThat(choose(10, true, 3)).containsExactly("i7", "i6", "i5");
    }

    @Test
    void aPageIsNotAllOfOneCategory() {
        fourLampsAndTwoSofas();

        assertThat(choose(2, true, 4)).containsExactly("i7", "i6", "i2", "i1");
    }

    @Test
    void theCapGivesWayBeforeThePageStaysEmpty() {
        fourLampsAndTwoSofas();

        assertThat(choose(2, true, 6)).containsExactly("i7", "i6", "i2", "i1", "i5", "i4");
    }

    @Test
    void aPageAboutOneCategoryIsNotCapped() {
        fourLampsAndTwoSofas();

        assertThat(choose(2, false, 4)).containsExactly("i7", "i6", "i5", "i4");
    }

    @Test
    void fewerCandidatesThanPlacesAreAllShown() {
        shop.item("i1").popular(1).put();

        assertThat(choose(2, true, 5)).containsExactly("i1");
    }

    @Test
    void somethingNewOfTheUsersCategoryGetsTheLastPlace() {
        fourLampsAndTwoSofas();
        shop.item("i0").in("sofas").firstSeen(START + 5).put();
        recent.add(ItemKey.of("i1"), EventType.VIEW.ordinal(), START);

        assertThat(choose(10, true, 3)).hasSize(3).startsWith("i7", "i6").doesNotContain("i5");
    }
}
