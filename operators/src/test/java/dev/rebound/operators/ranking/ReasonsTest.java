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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReasonsTest {
    private final TableBuilder shop = new TableBuilder();
    private final SessionIndex sessions = new SessionIndex(10);
    private final ScoringTask task = new ScoringTask();

    /** The reasons of every candidate. */
    private Map<String, List<String>> reasons(long... requested) {
        task.candidates = requested.length == 0 ? null : requested;
        task.timeMillis = START;
        RecentSlots slots = new RecentSlots();
        slots.resolve(task.recent, shop.table());
        UserInterests interests = new UserInterests();
        interests.compute(task.recent, slots, shop.table(), START);
        Candidates candidates = new Candidates(10);
        new CandidateRetrieval(shop.table(), shop.popular(), sessions)
                .retrieve(new RetrievalRequest().task(task, slots, interests), candidates);
        Map<String, List<String>> reasons = new HashMap<>();
        for (int c = 0; c < candidates.size(); c++) {
            reasons.put(
                    shop.table().item(candidates.slots[c]).itemId, new Reasons(shop.table()).of(task, candidates, c));
        }
        return reasons;
    }

    @Test
    void whatTheUserHasSeenAndWhatOthersSawWithItSaySo() {
        shop.item("seen").in("lamps").put().item("also").in("lamps").put();
        sessions.append(1, shop.table().slot(ItemKey.of("seen")));
        sessions.append(1, shop.table().slot(ItemKey.of("also")));
        task.recent.add(ItemKey.of("seen"), EventType.VIEW.ordinal(), START);

        assertThat(reasons().get("also")).contains("others-also-viewed");
        assertThat(reasons().get("seen")).contains("viewed-before");
    }

    @Test
    void aCategoryOfOlderStateIsNamedOnlyAsFarAsAnAnswerHasRoom() {
        String category = "c".repeat(11_000);
        shop.item("seen").in(category).put().item("a").in(category).popular(1).put();
        task.recent.add(ItemKey.of("seen"), EventType.VIEW.ordinal(), START);

        assertThat(reasons().get("a"))
                .anySatisfy(reason -> assertThat(reason).contains("-in:ccc"))
                .allSatisfy(reason -> assertThat(reason).hasSizeLessThan(300));
    }

    @Test
    void everyCandidateHasAReason() {
        shop.item("a")
                .in("lamps")
                .popular(2)
                .put()
                .item("b")
                .in("sofas")
                .popular(1)
                .put();
        task.recent.add(ItemKey.of("a"), EventType.VIEW.ordinal(), START);

        assertThat(reasons().values())
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).isNotEmpty());
        assertThat(reasons(ItemKey.of("b"))).isEqualTo(Map.of("b", List.of("requested")));
    }
}
