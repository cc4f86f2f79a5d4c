package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedListsTest {
    private static final int USERS = 200;
    private static final int ITEMS = 3;

    private final RememberedLists lists = new RememberedLists(USERS, ITEMS);

    private static ScoringTask page(String user) {
        ScoringTask task = new ScoringTask();
        task.userId = user;
        task.scenario = Scenario.HOME;
        return task;
    }

    private void show(ScoringTask page, int... slots) {
        int row = lists.begin(page);
        for (int slot : slots) {
            lists.add(row, slot, slot / 1000f);
        }
    }

    private List<Integer> remembered(ScoringTask page) {
        int row = lists.find(page);
        List<Integer> slots = new ArrayList<>();
        for (int n = 0; row >= 0 && n < lists.size(row); n++) {
            slots.add(lists.slot(row, n));
            assertThat(lists.score(row, n)).isEqualTo(lists.slot(row, n) / 1000f);
        }
        return slots;
    }

    @Test
    void theLastListOfAUserIsKeptAsFarAsThereIsRoom() {
        show(page("u"), 1, 2);
        show(page("u"), 7, 8, 9, 10);

        assertThat(remembered(page("u"))).containsExactly(7, 8, 9);
        assertThat(remembered(page("other"))).isEmpty();
    }

    @Test
    void aListIsForItsPageAlone() {
        ScoringTask similar = page("u");
        similar.scenario = Scenario.SIMILAR_ITEMS;
        similar.contextItemKey = ItemKey.of("lamp");
        show(similar, 1);
        ScoringTask another = page("u");
        another.scenario = Scenario.SIMILAR_ITEMS;
        another.contextItemKey = ItemKey.of("sofa");

        assertThat(remembered(similar)).containsExactly(1);
        assertThat(remembered(another)).isEmpty();
        assertThat(remembered(page("u"))).isEmpty();
    }

    @Test
    void whoWasShownNothingForTheLongestTimeIsForgottenFirst() {
        for (int user = 0; user < USERS; user++) {
            show(page("u" + user), user);
        }
        show(page("u0"), 500);
        show(page("new"), 600);

        assertThat(remembered(page("u1"))).isEmpty();
        assertThat(remembered(page("u0"))).containsExactly(500);
        assertThat(remembered(page("new"))).containsExactly(600);
        for (int user = 2; user < USERS; user++) {
            assertThat(remembered(page("u" + user))).containsExactly(user);
        }
    }

    @Test
    void aForgottenUserIsUnknownAndLeavesRoomForAnother() {
        show(page("u1"), 1);
        show(page("u2"), 2);
        lists.forget("u1");
        lists.forget("never seen");
        assertThat(remembered(page("u1"))).isEmpty();

        for (int user = 3; user < USERS + 2; user++) {
            show(page("u" + user), user);
        }
        assertThat(remembered(page("u2"))).containsExactly(2);
        assertThat(remembered(page("u3"))).containsExactly(3);
    }

    @Test
    void aListWithNothingInItIsNone() {
        show(page("u"), 1);
        show(page("u"));

        assertThat(remembered(page("u"))).isEmpty();
    }
}
