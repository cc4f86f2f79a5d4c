package dev.rebound.operators;

import static dev.rebound.operators.Signals.START;
import static dev.rebound.operators.Signals.aRequest;
import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.feedback.FeedbackJoin;
import dev.rebound.operators.item.ItemFeatureOperator;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.item.ItemSignalSerializer;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.ScoredList;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserFeatureOperator;
import dev.rebound.operators.user.UserFeatures;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.operators.user.UserSignalSerializer;
import dev.rebound.schemas.EventType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/**
 * After an erasure the keyed state of no stage holds a trace of the user: the bytes of a whole snapshot, timers included,
 * are searched. In memory, since RocksDB's files keep deleted entries until they are compacted.
 */
class ErasureTest {
    private static final String USER = "a-user-to-be-traced";

    private static <T> void prepare(AbstractStreamOperatorTestHarness<T> harness) throws Exception {
        harness.setStateBackend(new HashMapStateBackend());
    }

    /** Whether a snapshot of the keyed state holds these bytes. */
    private static boolean holds(AbstractStreamOperatorTestHarness<?> harness, long checkpoint, byte[] trace)
            throws Exception {
        OperatorSubtaskState snapshot = harness.snapshot(checkpoint, checkpoint);
        String needle = new String(trace, StandardCharsets.ISO_8859_1);
        for (KeyedStateHandle handle : snapshot.getManagedKeyedState()) {
            var delegate = ((KeyGroupsStateHandle) handle).getDelegateStateHandle();
            byte[] bytes = ((ByteStreamStateHandle) delegate).getData();
            if (new String(bytes, StandardCharsets.ISO_8859_1).contains(needle)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] userId() {
        return USER.getBytes(StandardCharsets.US_ASCII);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, UserSignal, ScoringTask> users() throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<String, UserSignal, ScoringTask>(
                SimpleOperatorFactory.of(new UserFeatureOperator(
                        new UserFeatures(Duration.ofHours(1), Duration.ofMinutes(1)), Duration.ofDays(100), 10)),
                signal -> signal.userId,
                Types.STRING);
        harness.getExecutionConfig().enableObjectReuse();
        prepare(harness);
        harness.setup(UserFeatureOperator.type()
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.getStreamConfig().setupNetworkInputs(new UserSignalSerializer());
        harness.open();
        return harness;
    }

    @Test
    void theUserStageForgets() throws Exception {
        try (var harness = users()) {
            harness.processElement(anEvent("e1").by(USER).viewing("a").atSecond(0), START);
            harness.processElement(aRequest("r1", USER), START);
            harness.getOneInputOperator().prepareSnapshotPreBarrier(1);
            assertThat(holds(harness, 1, userId())).isTrue();

            harness.processElement(anEvent("e2").by(USER).viewing("b").atSecond(1), START);
            harness.processElement(anEvent("x").by(USER).erasing().atSecond(2), START);
            harness.getOneInputOperator().prepareSnapshotPreBarrier(2);
            assertThat(holds(harness, 2, userId())).isFalse();
        }
    }

    @Test
    void theItemStageForgetsTheSessions() throws Exception {
        try (var users = users();
                var items = new KeyedOneInputStreamOperatorTestHarness<Long, ItemSignal, ItemUpdate>(
                        SimpleOperatorFactory.of(new ItemFeatureOperator(Duration.ofSeconds(1), Duration.ofDays(7))),
                        signal -> signal.itemKey,
                        Types.LONG)) {
            prepare(items);
            items.setup(ItemFeatureOperator.type()
                    .createSerializer(items.getExecutionConfig().getSerializerConfig()));
            items.getStreamConfig().setupNetworkInputs(new ItemSignalSerializer());
            items.open();
            byte[] session = ByteBuffer.allocate(Long.BYTES)
                    .putLong(UserFeatures.sessionKey(USER, 1))
                    .array();

            users.processElement(anEvent("e1").by(USER).viewing("a").atSecond(0), START);
            users.processElement(anEvent("e2").by(USER).viewing("b").atSecond(1), START);
            users.getOneInputOperator().prepareSnapshotPreBarrier(1);
            drain(users, items);
            assertThat(holds(items, 1, session)).isTrue();

            users.processElement(anEvent("x").by(USER).erasing().atSecond(2), START);
            drain(users, items);
            assertThat(holds(items, 2, session)).isFalse();
        }
    }

    private static void drain(
            KeyedOneInputStreamOperatorTestHarness<String, UserSignal, ScoringTask> users,
            KeyedOneInputStreamOperatorTestHarness<Long, ItemSignal, ItemUpdate> items)
            throws Exception {
        var signals = users.getSideOutput(UserFeatureOperator.ITEM_SIGNALS);
        while (!signals.isEmpty()) {
            items.processElement(signals.remove());
        }
        items.getOneInputOperator().prepareSnapshotPreBarrier(1);
    }

    @Test
    void theFeedbackStageForgetsItsTimersToo() throws Exception {
        try (var harness = new KeyedTwoInputStreamOperatorTestHarness<String, ScoredList, UserSignal, OutputRecord>(
                new KeyedCoProcessOperator<>(new FeedbackJoin(Duration.ofMinutes(30), Duration.ofMinutes(5), true)),
                list -> list.userId,
                event -> event.userId,
                Types.STRING)) {
            prepare(harness);
            harness.setup(new OutputRecord.Serializer());
            harness.open();
            ScoredList list = new ScoredList();
            list.userId = USER;
            list.requestId = "r";
            list.requestedMillis = START;
            harness.processElement1(new StreamRecord<>(list));
            for (String requestId : new String[] {"r", "another"}) {
                UserSignal click = anEvent("e-" + requestId)
                        .by(USER)
                        .doing(EventType.CLICK, "a")
                        .atSecond(5);
                click.requestId = requestId;
                harness.processElement2(new StreamRecord<>(click));
            }
            assertThat(holds(harness, 1, userId())).isTrue();

            harness.processElement1(new StreamRecord<>(ScoredList.erasure(USER)));
            assertThat(holds(harness, 2, userId())).isFalse();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }
}
