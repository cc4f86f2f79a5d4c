package dev.rebound.operators.features;

import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.operators.scoring.ScoringTask;
import dev.rebound.operators.scoring.ScoringTaskSerializer;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * De-duplicates events and requests, keeps each user's features, and decides what is scored. Keyed by user.
 *
 * <p>Profiles of changed users are published as their state is written: before each checkpoint barrier, and in between
 * when many have changed. An exactly-once output becomes visible with the checkpoint, so that nobody could see more.
 */
public final class UserFeatureOperator extends AbstractStreamOperator<ScoringTask>
        implements OneInputStreamOperator<UserSignal, ScoringTask> {
    private static final long serialVersionUID = 1L;
    private static final int USERS_IN_MEMORY = 4096;

    /** What the events mean for items. */
    public static final OutputTag<ItemSignal> ITEM_SIGNALS =
            new OutputTag<>("item-signals", new RecordTypeInformation<>(ItemSignal.class, new ItemSignalSerializer()));

    /** What the events mean for campaigns. */
    public static final OutputTag<CampaignSignal> CAMPAIGN_SIGNALS = new OutputTag<>(
            "campaign-signals", new RecordTypeInformation<>(CampaignSignal.class, new CampaignSignalSerializer()));

    private static final long[] NO_ITEMS = {};

    private final UserFeatures features;
    private final Duration stateTtl;
    private final int recommendationCount;

    private transient WriteBehindState<String, UserState> users;
    private transient ValueState<UserCampaigns> campaigns;
    private transient CampaignSignal campaignSignal;
    private transient StreamRecord<CampaignSignal> campaignRecord;
    private transient ScoringTask task;
    private transient StreamRecord<ScoringTask> taskRecord;
    private transient ItemSignals itemSignals;
    private transient long watermark;
    private transient Counter applied;
    private transient Counter duplicates;
    private transient Counter late;

    /**
     * @param stateTtl how long a user is kept after the last event
     * @param recommendationCount items in a recommendation that an event triggers
     */
    public UserFeatureOperator(UserFeatures features, Duration stateTtl, int recommendationCount) {
        this.features = features;
        this.stateTtl = stateTtl;
        this.recommendationCount = recommendationCount;
    }

    @Override
    public void open() throws Exception {
        super.open();
        StateTtlConfig ttl = StateTtlConfig.newBuilder(stateTtl)
                .cleanupInRocksdbCompactFilter(1000, Duration.ofDays(1))
                .build();
        ValueStateDescriptor<UserState> descriptor = new ValueStateDescriptor<>("user", new UserStateSerializer());
        descriptor.enableTimeToLive(ttl);
        users = new WriteBehindState<>(
                this.<String>getKeyedStateBackend(),
                getPartitionedState(descriptor),
                UserState::new,
                this::publishProfile,
                USERS_IN_MEMORY);
        ValueStateDescriptor<UserCampaigns> ofCampaigns =
                new ValueStateDescriptor<>("campaigns", new UserCampaignsSerializer());
        ofCampaigns.enableTimeToLive(ttl);
        campaigns = getPartitionedState(ofCampaigns);
        campaignSignal = new CampaignSignal();
        campaignRecord = new StreamRecord<>(campaignSignal);
        task = new ScoringTask();
        taskRecord = new StreamRecord<>(task);
        itemSignals = new ItemSignals();
        watermark = Long.MIN_VALUE;
        MetricGroup metrics = getMetricGroup().addGroup("rebound");
        applied = metrics.counter("events_applied_total");
        duplicates = metrics.counter("events_duplicate_total");
        late = metrics.counter("events_late_total");
    }

    @Override
    public void processElement(StreamRecord<UserSignal> element) throws Exception {
        UserSignal signal = element.getValue();
        UserState user = users.current(signal.userId);
        if (!features.isNew(user, signal)) {
            duplicates.inc();
        } else if (signal.kind == UserSignal.Kind.REQUEST) {
            request(user, signal);
        } else if (signal.type == EventType.ERASE_USER.ordinal()) {
            erase(user, signal);
        } else {
            event(user, signal);
        }
    }

    private void event(UserState user, UserSignal event) throws Exception {
        if (event.timeMillis < watermark) {
            late.inc();
        }
        features.apply(user, event, itemSignals);
        if (event.campaignKey != ItemKey.NONE) {
            campaign(event);
        }
        applied.inc();
        if (features.triggers(user, event)) {
            emit(ScoringTask.Trigger.EVENT, event, user, Scenario.HOME, ItemKey.NONE, null, recommendationCount);
        }
    }

    /** A state of its own: what has nothing to do with campaigns neither reads nor writes it. */
    private void campaign(UserSignal event) throws Exception {
        boolean shown = event.type == EventType.IMPRESSION.ordinal();
        if (!shown && event.type != EventType.PURCHASE.ordinal()) {
            return;
        }
        UserCampaigns own = campaigns.value();
        if (own == null) {
            own = new UserCampaigns();
        }
        if (shown) {
            own.shown(event.campaignKey);
        } else {
            own.redeemed(event.campaignKey);
            campaignSignal.kind = CampaignSignal.Kind.REDEEMED;
            campaignSignal.campaignKey = event.campaignKey;
            campaignSignal.costMinor = event.costMinor;
            output.collect(CAMPAIGN_SIGNALS, campaignRecord);
        }
        campaigns.update(own);
    }

    private void request(UserState user, UserSignal request) throws Exception {
        features.requested(user, request);
        task.campaigns = request.type == Scenario.CAMPAIGN.ordinal() ? campaigns.value() : null;
        emit(
                ScoringTask.Trigger.REQUEST,
                request,
                user,
                ScoringTask.scenario(request.type),
                request.itemKey,
                request.candidates,
                request.count);
        task.campaigns = null;
    }

    private void emit(
            ScoringTask.Trigger trigger,
            UserSignal cause,
            UserState user,
            Scenario scenario,
            long contextItemKey,
            long[] candidates,
            int count) {
        task.trigger = trigger;
        task.userId = cause.userId;
        task.triggerId = cause.id;
        task.scenario = scenario;
        task.contextItemKey = contextItemKey;
        task.candidates = candidates;
        task.count = count;
        task.explain = cause.explain;
        task.timeMillis = cause.timeMillis;
        task.searchOf(cause);
        task.features(user);
        output.collect(taskRecord);
    }

    private void erase(UserState user, UserSignal signal) {
        for (int session = 1; session <= user.sessions; session++) {
            itemSignals.session(UserFeatures.sessionKey(signal.userId, session), NO_ITEMS);
        }
        users.clear(signal.userId);
        campaigns.clear();
        emit(ScoringTask.Trigger.ERASURE, signal, new UserState(), Scenario.HOME, ItemKey.NONE, null, 0);
    }

    private void publishProfile(String userId, UserState user) {
        if (user.totalCount() == 0) {
            return;
        }
        itemSignals.session(userId, user);
        task.trigger = ScoringTask.Trigger.PROFILE;
        task.userId = userId;
        task.triggerId = "";
        task.scenario = Scenario.HOME;
        task.contextItemKey = ItemKey.NONE;
        task.candidates = null;
        task.count = 0;
        task.explain = false;
        task.timeMillis = user.lastEventMillis;
        task.noSearch();
        task.features(user);
        output.collect(taskRecord);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        watermark = mark.getTimestamp();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        users.flush();
    }

    @Override
    public void finish() throws Exception {
        users.flush();
        super.finish();
    }

    /** The type of what it emits. */
    public static TypeInformation<ScoringTask> type() {
        return new RecordTypeInformation<>(ScoringTask.class, new ScoringTaskSerializer());
    }

    /** Sends item signals aside in one instance that is serialized before the next one is made. */
    private final class ItemSignals implements ItemSignalCollector {
        private final ItemSignal signal = new ItemSignal();
        private final StreamRecord<ItemSignal> record = new StreamRecord<>(signal);

        @Override
        public void interaction(long itemKey, int type, long timeMillis) {
            signal.interaction(itemKey, type, timeMillis);
            output.collect(ITEM_SIGNALS, record);
        }

        @Override
        public void transition(long fromItemKey, long toItemKey, float weight, long timeMillis) {
            signal.transition(fromItemKey, toItemKey, weight, timeMillis);
            output.collect(ITEM_SIGNALS, record);
        }

        @Override
        public void queryChoice(long queryKey, long itemKey, float weight, long timeMillis) {
            signal.queryChoice(queryKey, itemKey, weight, timeMillis);
            output.collect(ITEM_SIGNALS, record);
        }

        /** A session of one item tells nothing of what goes together. */
        void session(String userId, UserState user) {
            long[] items = UserFeatures.currentSession(user);
            if (items.length > 1) {
                session(UserFeatures.sessionKey(userId, user.sessions), items);
            }
        }

        /** No items erase the session. */
        void session(long sessionKey, long[] items) {
            signal.kind = ItemSignal.Kind.SESSION;
            signal.itemKey = sessionKey;
            signal.sessionItems = items;
            output.collect(ITEM_SIGNALS, record);
        }
    }
}
