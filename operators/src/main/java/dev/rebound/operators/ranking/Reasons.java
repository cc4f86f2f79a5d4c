package dev.rebound.operators.ranking;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.retrieval.Candidates;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.operators.user.ScoringTask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an item is shown, as codes that a shop turns into its own words: {@code similar-to:ITEM}, {@code
 * because-you-viewed:ITEM}, {@code viewed-before}, {@code others-also-viewed} (in sessions like the user's), {@code
 * fits-your-taste} (by the vectors that the model has learned), {@code
 * new-in:CATEGORY}, {@code popular-in:CATEGORY}, {@code trending}, {@code requested}; {@code picked-for-you} where there
 * is no better one. Every item has at least one.
 * Before them, where a user searches: {@code matches:QUERY}, {@code matches-partly:QUERY}, {@code chosen-for:QUERY} where
 * others took the item, or {@code no-match:QUERY}.
 */
public final class Reasons {
    private static final int LONGEST_QUERY = 80;
    private static final float ALL_WORDS = 0.999f;
    private static final int RECENT_ITEMS = 10;

    private final ItemTable table;

    public Reasons(ItemTable table) {
        this.table = table;
    }

    /** The reasons of one candidate, the strongest first. */
    public List<String> of(ScoringTask task, Candidates candidates, int c) {
        List<String> reasons = new ArrayList<>(2);
        int slot = candidates.slots[c];
        int sources = candidates.sources[c];
        if (task.query != null) {
            reasons.add(answer(candidates, c) + first(task.query));
        }
        if ((sources & Candidates.CO_VISITATION) != 0) {
            addOrigin(task, slot, reasons);
        }
        if ((sources & Candidates.SEEN) != 0) {
            reasons.add("viewed-before");
        }
        if ((sources & Candidates.SESSIONS) != 0) {
            reasons.add("others-also-viewed");
        }
        int category = table.candidate(slot).category;
        if ((sources & Candidates.NEW_IN_CATEGORY) != 0) {
            reasons.add("new-in:" + table.categoryName(category));
        }
        if ((sources & Candidates.CATEGORY) != 0) {
            reasons.add("popular-in:" + table.categoryName(category));
        }
        if ((sources & Candidates.TRENDING) != 0) {
            reasons.add("trending");
        }
        if ((sources & Candidates.REQUESTED) != 0) {
            reasons.add("requested");
        }
        if ((sources & Candidates.EMBEDDING) != 0) {
            reasons.add("fits-your-taste");
        }
        if (reasons.isEmpty()) {
            reasons.add("picked-for-you");
        }
        return reasons;
    }

    private static String answer(Candidates candidates, int c) {
        if (candidates.lexicalShare[c] > ALL_WORDS) {
            return "matches:";
        }
        if (candidates.lexicalShare[c] > 0) {
            return "matches-partly:";
        }
        return candidates.queryItem[c] > 0 ? "chosen-for:" : "no-match:";
    }

    private static String first(String query) {
        return query.length() <= LONGEST_QUERY ? query : query.substring(0, LONGEST_QUERY);
    }

    private void addOrigin(ScoringTask task, int slot, List<String> reasons) {
        Item context = task.contextItemKey == ItemKey.NONE ? null : leading(task.contextItemKey, slot);
        if (context != null) {
            reasons.add("similar-to:" + context.itemId);
            return;
        }
        RecentItems recent = task.recent;
        for (int n = 0; n < Math.min(RECENT_ITEMS, recent.size()); n++) {
            Item viewed = leading(recent.itemKey(n), slot);
            if (viewed != null) {
                reasons.add("because-you-viewed:" + viewed.itemId);
                return;
            }
        }
    }

    /** The item of a key if others went from it to the one in a slot. */
    private @Nullable Item leading(long fromKey, int slot) {
        Item from = table.byKey(fromKey);
        if (from == null) {
            return null;
        }
        for (int neighbour : from.neighbours) {
            if (neighbour == slot) {
                return from;
            }
        }
        return null;
    }
}
