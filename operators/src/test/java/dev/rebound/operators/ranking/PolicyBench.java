package dev.rebound.operators.ranking;

import static dev.rebound.operators.Signals.START;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.ranking.BusinessRules.Boost;
import dev.rebound.operators.ranking.BusinessRules.Subject;
import dev.rebound.operators.retrieval.CandidateRetrieval;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.retrieval.RetrievalRequest;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.retrieval.TableBuilder;
import dev.rebound.operators.retrieval.UserInterests;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A shop, a user and a policy between them: retrieves all, scores by the number in the item id, and chooses. */
final class PolicyBench {
    private static final int MOST = 20;

    final TableBuilder shop = new TableBuilder();
    final ScoringTask task = new ScoringTask();
    private final Candidates candidates = new Candidates(MOST);
    private final Slate slate = new Slate();

    PolicyBench() {
        task.timeMillis = START;
    }

    /** Puts an item first seen so many milliseconds after the start. */
    void item(String itemId, String category, long age) {
        shop.item(itemId).in(category).popular(1).firstSeen(START + age).put();
    }

    void saw(String itemId) {
        task.recent.add(ItemKey.of(itemId), EventType.VIEW.ordinal(), START);
    }

    Slate choose(PolicySettings settings, int count) {
        RecentSlots slots = new RecentSlots();
        slots.resolve(task.recent, shop.table());
        UserInterests interests = new UserInterests();
        interests.compute(task.recent, slots, shop.table(), START);
        new CandidateRetrieval(shop.table(), shop.popular(), new SessionIndex(1))
                .retrieve(new RetrievalRequest().task(task, slots, interests), candidates);
        float[] scores = new float[MOST];
        for (int c = 0; c < candidates.size(); c++) {
            scores[c] = Integer.parseInt(id(c).substring(1)) / 20f;
        }
        task.count = count;
        new RankingPolicy(shop.table(), settings, MOST).choose(task, candidates, scores, 0, slate);
        return slate;
    }

    String id(int candidate) {
        return shop.table().item(candidates.slots[candidate]).itemId;
    }

    List<String> ids(Slate chosen) {
        return IntStream.range(0, chosen.size())
                .mapToObj(n -> id(chosen.candidate(n)))
                .toList();
    }

    /** Rules such as {@code exclude=item:a pin=brand:b boost=category:c=2}. */
    static BusinessRules rules(String text) {
        List<Subject> exclude = new ArrayList<>();
        List<Boost> boost = new ArrayList<>();
        List<Subject> pin = new ArrayList<>();
        long minPrice = 0;
        int maxPerBrand = Integer.MAX_VALUE;
        for (String rule : text.split(" ")) {
            String value = rule.substring(rule.indexOf('=') + 1);
            switch (rule.substring(0, rule.indexOf('='))) {
                case "exclude" -> exclude.add(Subject.parse(value));
                case "boost" -> boost.add(Boost.parse(value));
                case "pin" -> pin.add(Subject.parse(value));
                case "min-price" -> minPrice = Long.parseLong(value);
                case "max-per-brand" -> maxPerBrand = Integer.parseInt(value);
                default -> throw new IllegalArgumentException(rule);
            }
        }
        return new BusinessRules(exclude, boost, pin, minPrice, maxPerBrand);
    }
}
