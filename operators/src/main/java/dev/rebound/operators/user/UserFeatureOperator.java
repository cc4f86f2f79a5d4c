package dev.rebound.operators.user;

import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.campaigns.CampaignSignalSerializer;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.item.ItemSignalCollector;
import dev.rebound.operators.item.ItemSignalSerializer;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.operators.serialization.WriteBehindState;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * De-duplicates events and requests, keeps each user's features, and decides what is scored. Keyed by user.
 *
 * <p>Profiles of changed users are published as their state is written: before each checkpoint barrier, and in between
 * when many have changed. An exactly-once output becomes visible with the checkpoint, so that nobody could see more. The
 * profile of a user whose state has expired is removed: one timer a user, which looks whether it has.
 */
public final class UserFeatureOperator extends AbstractStreamOperator<ScoringTask>
        implements OneInputStreamOperator<UserSignal, ScoringTask>, Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1L;
    private static final int USERS_IN_MEMORY = 4096;

    /** What the events mean for items. */
    public static final OutputTag<ItemSignal> ITEM_SIGNALS =
            new OutputTag<>("item-signals", new RecordTypeInformation<>(ItemSignal.class, new ItemSignalSerializer()));

    /** What the events mean for campaigns. */
    public static final OutputTag<CampaignSignal> CAMPAIGN_SIGNALS = new OutputTag<>(
            "campaign-signals", new RecordTypeInformation<>(CampaignSignal.class, new CampaignSignalSerializer()));

    private static final long[] NO_ITEMS = {};

    /** Of the time that a user is kept, by how much more the profile may be. */
    private static final int CHECKS_A_TTL = 4;

    private final UserFeatures features;
    private final Duration stateTtl;
    private final int recommendationCount;

    private transient WriteBehindState<String, UserState> users;
    private transient ValueState<UserCampaigns> campaigns;
    /** When the user's timer is due, processing time. */
    private transient ValueState<Long> expiryCheck;

    private transient InternalTimerService<VoidNamespace> timers;
    private transient boolean finishing;
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
        expiryCheck = getPartitionedState(new ValueStateDescriptor<>("expiry-check", LongSerializer.INSTANCE));
        timers = getInternalTimerService("expiry", VoidNamespaceSerializer.INSTANCE, this);
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
            emit(ScoringTask.Kind.EVENT, event, user, Scenario.HOME, ItemKey.NONE, null, recommendationCount);
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
                ScoringTask.Kind.REQUEST,
                request,
                user,
                ScoringTask.scenario(request.type),
                request.itemKey,
                request.candidates,
                request.count);
        task.campaigns = null;
    }

    private void emit(
            ScoringTask.Kind kind,
            UserSignal cause,
            UserState user,
            Scenario scenario,
            long contextItemKey,
            long @Nullable [] candidates,
            int count) {
        task.kind = kind;
        task.userId = cause.userId;
        task.triggerId = cause.id;
        task.scenario = scenario;
        task.contextItemKey = contextItemKey;
        task.candidates = candidates;
        task.count = count;
        task.explain = cause.explain;
        task.timeMillis = cause.timeMillis;
        task.recordMillis = cause.recordMillis;
        task.replyPartition = cause.replyPartition;
        task.searchOf(cause);
        task.features(user);
        output.collect(taskRecord);
    }

    private void erase(UserState user, UserSignal signal) throws Exception {
        for (int session = 1; session <= user.sessions; session++) {
            itemSignals.session(UserFeatures.sessionKey(signal.userId, session), NO_ITEMS);
        }
        users.clear(signal.userId);
        campaigns.clear();
        Long check = expiryCheck.value();
        if (check != null) {
            timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, check);
            expiryCheck.clear();
        }
        emit(ScoringTask.Kind.ERASURE, signal, new UserState(), Scenario.HOME, ItemKey.NONE, null, 0);
    }

    private void publishProfile(String userId, UserState user) throws Exception {
        if (user.totalCount() == 0) {
            return;
        }
        if (!finishing && expiryCheck.value() == null) {
            checkExpiryAfter(stateTtl.toMillis());
        }
        itemSignals.session(userId, user);
        emitUnscored(ScoringTask.Kind.PROFILE, userId, user);
    }

    private void checkExpiryAfter(long millis) throws Exception {
        long at = timers.currentProcessingTime() + millis;
        timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, at);
        expiryCheck.update(at);
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        if (users.has(timer.getKey())) {
            checkExpiryAfter(Math.max(1, stateTtl.toMillis() / CHECKS_A_TTL));
        } else {
            expiryCheck.clear();
            emitUnscored(ScoringTask.Kind.EXPIRY, timer.getKey(), new UserState());
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("No timer of event time is registered");
    }

    private void emitUnscored(ScoringTask.Kind kind, String userId, UserState user) {
        task.kind = kind;
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
        // No timer can be registered any more: a job that goes on from here does it with the user's next event.
        finishing = true;
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
