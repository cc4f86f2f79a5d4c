package dev.rebound.operators.scoring;

import dev.rebound.operators.campaigns.CampaignUpdate;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.retrieval.CampaignTable;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.SessionIndex;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.Scenario;
import org.apache.flink.util.Preconditions;

/** The items, sessions and campaigns that a scoring task has heard of, and whether all of them have come since its start. */
final class SideTables {
    /** Sessions in which neighbours are looked for: 35 MiB. */
    private static final int SESSIONS = 200_000;

    final ItemTable items = new ItemTable();
    final PopularItems popular = new PopularItems();
    final SessionIndex sessions = new SessionIndex(SESSIONS);
    final CampaignTable campaigns = new CampaignTable();
    private final FirstSending itemsSent = new FirstSending();
    private final FirstSending campaignsSent = new FirstSending();
    private final int[] sessionSlots = new int[SessionIndex.SESSION_LENGTH];

    /**
     * Takes over what the item stage sends.
     *
     * @return whether it was the last that was missing
     */
    boolean update(ItemUpdate update) {
        switch (update.kind) {
            case ITEM -> items.update(update.itemKey, Preconditions.checkNotNull(update.item));
            case SESSION -> session(update.sessionKey, Preconditions.checkNotNull(update.sessionItems));
            case QUERY -> items.updateQuery(update.queryKey, Preconditions.checkNotNull(update.queryItems));
            case COMPLETE -> {
                boolean completed = itemsSent.mark(update.subtask, update.subtasks);
                if (itemsSent.hasAllSent()) {
                    items.hasAll();
                }
                return completed;
            }
        }
        return false;
    }

    /**
     * Takes over what the campaign stage sends.
     *
     * @return whether it was the last that was missing
     */
    boolean update(CampaignUpdate update) {
        switch (update.kind) {
            case CAMPAIGN -> campaigns.update(update.campaignKey, update.entry, update.spent);
            case SPENDING -> campaigns.spending(update.campaignKey, update.spent);
            case COMPLETE -> {
                return campaignsSent.mark(update.subtask, update.subtasks);
            }
        }
        return false;
    }

    private void session(long sessionKey, long[] itemKeys) {
        int size = 0;
        for (long itemKey : itemKeys) {
            int slot = items.named(itemKey);
            if (slot != ItemTable.NO_SLOT) {
                sessionSlots[size++] = slot;
            }
        }
        sessions.put(sessionKey, sessionSlots, size);
    }

    /** What is missing is not waited for any more. */
    void giveUp() {
        itemsSent.giveUp();
        campaignsSent.giveUp();
    }

    boolean hasAllItems() {
        return itemsSent.isComplete();
    }

    /** Whether all has come that a task needs. */
    boolean isReadyFor(ScoringTask task) {
        return hasAllItems() && (campaignsSent.isComplete() || task.scenario != Scenario.CAMPAIGN);
    }
}
