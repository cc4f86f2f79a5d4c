package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.campaigns.CampaignState;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserCampaigns;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Scenario;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges lists of campaigns by what users then redeem. A list is made when a user asks, from what was known before; a
 * redemption counts for the latest list of its user that the campaign could have been in.
 */
public final class CampaignEvaluation {
    private static final int PURCHASE = EventType.PURCHASE.ordinal();
    private static final int IMPRESSION = EventType.IMPRESSION.ordinal();

    private final OfflinePipeline pipeline;
    private final List<? extends CampaignRecommender> recommenders;
    private final List<CampaignScores> scores;
    private final long judgedFromMillis;
    private final boolean asking;
    private final Long2ObjectOpenHashMap<CampaignState> campaigns = new Long2ObjectOpenHashMap<>();
    private final Map<String, UserCampaigns> users = new HashMap<>();
    private final Map<String, List<Asked>> askedByUser = new HashMap<>();

    /** A list that was asked for, and what was redeemed of it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asked(long @Nullable [] candidates, long[][] lists, Set<Long> redeemed) {
        boolean couldHold(long campaignKey) {
            return candidates == null || Arrays.stream(candidates).anyMatch(key -> key == campaignKey);
        }
    }

    /**
     * @param judgedFromMillis lists from then on are judged, earlier events and redemptions only learned
     * @param asking whether there are requests; else a list is made just before each redemption
     */
    public CampaignEvaluation(
            OfflinePipeline pipeline,
            List<? extends CampaignRecommender> recommenders,
            long judgedFromMillis,
            boolean asking) {
        this.pipeline = pipeline;
        this.recommenders = recommenders;
        this.scores = recommenders.stream()
                .map(recommender -> new CampaignScores(recommender.name()))
                .toList();
        this.judgedFromMillis = judgedFromMillis;
        this.asking = asking;
    }

    /** Learns a catalog change. */
    public void catalog(ItemSignal signal) {
        pipeline.catalog(signal);
    }

    /** Learns a campaign. */
    public void campaign(CampaignSignal signal) {
        if (signal.kind == CampaignSignal.Kind.ENDED) {
            campaigns.remove(signal.campaignKey);
            recommenders.forEach(recommender -> recommender.campaign(signal.campaignKey, null, false));
            return;
        }
        CampaignState state = campaigns.computeIfAbsent(signal.campaignKey, key -> new CampaignState());
        boolean before = state.isSpent();
        state.apply(signal);
        if (signal.kind == CampaignSignal.Kind.DEFINED || before != state.isSpent()) {
            recommenders.forEach(recommender -> recommender.campaign(signal.campaignKey, state.entry, state.isSpent()));
        }
    }

    /** Makes a list for a user who asks. */
    public void request(UserSignal request) {
        if (request.timeMillis >= judgedFromMillis) {
            ask(request, request.candidates);
        }
    }

    private void ask(UserSignal cause, long @Nullable [] candidates) {
        ScoringTask task = new ScoringTask();
        task.kind = ScoringTask.Kind.REQUEST;
        task.userId = cause.userId;
        task.triggerId = cause.id;
        task.scenario = Scenario.CAMPAIGN;
        task.timeMillis = cause.timeMillis;
        task.candidates = candidates;
        task.count = CampaignScores.PAGE;
        task.features(pipeline.user(cause.userId));
        task.campaigns = users.get(cause.userId);
        long[] couldBeShown = candidates == null ? running(cause.timeMillis) : candidates;
        long[][] lists = new long[recommenders.size()][];
        for (int r = 0; r < lists.length; r++) {
            lists[r] = recommenders.get(r).recommend(task);
            scores.get(r).shown(couldBeShown, lists[r]);
        }
        askedByUser
                .computeIfAbsent(cause.userId, user -> new ArrayList<>())
                .add(new Asked(candidates, lists, new HashSet<>()));
    }

    private long[] running(long atMillis) {
        return campaigns.long2ObjectEntrySet().stream()
                .filter(each -> each.getValue().entry != null
                        && each.getValue().entry.startsMillis() <= atMillis
                        && atMillis < each.getValue().entry.endsMillis())
                .mapToLong(each -> each.getLongKey())
                .toArray();
    }

    /** Notes what was redeemed, and learns the event. */
    public void event(UserSignal event) {
        if (!pipeline.isNew(event)) {
            return;
        }
        if (event.campaignKey != ItemKey.NONE) {
            ofCampaign(event);
        }
        recommenders.forEach(recommender -> recommender.learn(event));
        pipeline.learn(event);
    }

    private void ofCampaign(UserSignal event) {
        UserCampaigns own = users.computeIfAbsent(event.userId, user -> new UserCampaigns());
        if (event.type == IMPRESSION) {
            own.shown(event.campaignKey);
        } else if (event.type == PURCHASE) {
            if (!asking && event.timeMillis >= judgedFromMillis) {
                ask(event, null);
            }
            redeemed(event);
            own.redeemed(event.campaignKey);
            CampaignSignal signal = new CampaignSignal();
            signal.kind = CampaignSignal.Kind.REDEEMED;
            signal.campaignKey = event.campaignKey;
            signal.costMinor = event.costMinor;
            campaign(signal);
        }
    }

    private void redeemed(UserSignal event) {
        List<Asked> asked = askedByUser.getOrDefault(event.userId, List.of());
        for (int i = asked.size() - 1; i >= 0; i--) {
            if (asked.get(i).couldHold(event.campaignKey)) {
                asked.get(i).redeemed().add(event.campaignKey);
                return;
            }
        }
    }

    /** How each recommender did, in their order. To be called once, at the end. */
    public List<CampaignScores> scores() {
        askedByUser.forEach((userId, ofUser) -> ofUser.forEach(asked -> {
            for (int r = 0; r < recommenders.size() && !asked.redeemed().isEmpty(); r++) {
                scores.get(r).redeemed(userId, asked.redeemed(), asked.lists()[r]);
            }
        }));
        askedByUser.clear();
        return scores;
    }
}
