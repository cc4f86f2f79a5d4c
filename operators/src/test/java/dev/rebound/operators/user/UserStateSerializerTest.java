package dev.rebound.operators.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignalCollector;
import dev.rebound.operators.serialization.RecordSerializerSnapshot;
import dev.rebound.schemas.EventType;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class UserStateSerializerTest {
    private static final UserFeatures FEATURES = new UserFeatures(Duration.ofHours(1), Duration.ofMinutes(1));

    /** A user as the first version of the state wrote it; every later version must read it. */
    private static final String VERSION_1 = "01090000020000000000000000018bcfe568000000018bcfe57f708000000000"
            + "000000010282a2a958a9bece5b0000018bcfe56800026e673288764ad2d00000"
            + "018bcfe57f70020250295bda7c69a0872ce6ad80a31f2e8b8bdbae5c2ce6ad86";

    private final UserStateSerializer serializer = new UserStateSerializer();

    private static UserState aUser() {
        UserState state = new UserState();
        apply(state, Signals.anEvent("e1").viewing("a").atSecond(0));
        apply(state, Signals.anEvent("e2").viewing("b").atSecond(6));
        return state;
    }

    private static void apply(UserState state, UserSignal event) {
        FEATURES.isNew(state, event);
        FEATURES.apply(state, event, new ItemSignalCollector() {
            @Override
            public void interaction(long itemKey, int type, long timeMillis) {}

            @Override
            public void transition(long fromItemKey, long toItemKey, float weight, long timeMillis) {}

            @Override
            public void queryChoice(long queryKey, long itemKey, float weight, long timeMillis) {}
        });
    }

    private byte[] bytes(UserState state) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(state, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        byte[] bytes = bytes(aUser());

        UserState read = serializer.deserialize(new DataInputDeserializer(bytes));

        assertThat(bytes(read)).isEqualTo(bytes);
        assertThat(read.recent.size()).isEqualTo(2);
    }

    @Test
    void theFirstVersionIsStillRead() throws Exception {
        UserState read =
                serializer.deserialize(new DataInputDeserializer(HexFormat.of().parseHex(VERSION_1)));

        assertThat(bytes(read)).isEqualTo(bytes(aUser()));
    }

    @Test
    void theSecondVersionIsStillRead() throws Exception {
        byte[] now = bytes(aUser());
        // It ended before the search: no words, two longs and a count of choices.
        byte[] then = Arrays.copyOf(now, now.length - 18);
        then[0] = 2;

        assertThat(bytes(serializer.deserialize(new DataInputDeserializer(then))))
                .isEqualTo(now);
    }

    @Test
    void whatWasSearchedForIsReadBack() throws Exception {
        UserState state = aUser();
        apply(state, Signals.anEvent("s").searching("red lamp").atSecond(10));

        UserState read = serializer.deserialize(new DataInputDeserializer(bytes(state)));

        assertThat(read.search.leadsTo(Signals.anEvent("c").atSecond(20))).isTrue();
    }

    @Test
    void whatWasShownIsReadBackAndNothingOfItIsLeftInAnInstanceThatReadsTheFirstVersion() throws Exception {
        UserState state = aUser();
        apply(state, Signals.anEvent("e3").doing(EventType.IMPRESSION, "c").atSecond(7));

        UserState read = serializer.deserialize(new DataInputDeserializer(bytes(state)));
        assertThat(read.shown.itemKey(0)).isEqualTo(ItemKey.of("c"));
        serializer.deserialize(read, new DataInputDeserializer(HexFormat.of().parseHex(VERSION_1)));
        assertThat(read.shown.size()).isZero();
    }

    @Test
    void stateOfTheFirstVersionIsRestoredWithoutARewrite() throws Exception {
        DataOutputSerializer written = new DataOutputSerializer(64);
        written.writeUTF("dev.rebound.operators.features.UserStateSerializer");
        written.writeInt(1);
        RecordSerializerSnapshot<UserState> old = new RecordSerializerSnapshot<>();
        old.readSnapshot(
                1,
                new DataInputDeserializer(written.getCopyOfBuffer()),
                getClass().getClassLoader());

        assertThat(serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(old)
                        .isCompatibleAsIs())
                .isTrue();
    }

    @Test
    void aTaskThatWaitedInTheFirstFormatIsReadAndOneOfTheSecondToo() throws Exception {
        UserState state = aUser();
        ScoringTask task = new ScoringTask();
        task.userId = "u";
        task.features(state);
        ScoringTaskSerializer tasks = new ScoringTaskSerializer();
        DataOutputSerializer out = new DataOutputSerializer(64);
        tasks.serialize(task, out);
        // It ended before what was shown, explain, campaigns, query and words, here a byte each.
        byte[] first = Arrays.copyOf(out.getCopyOfBuffer(), out.length() - 5);
        first[0] = 1;
        task.shown.show(ItemKey.of("c"), Signals.START);

        ScoringTask read = tasks.copy(task);
        assertThat(read.shown.itemKey(0)).isEqualTo(ItemKey.of("c"));
        tasks.deserialize(read, new DataInputDeserializer(first));
        assertThat(read.shown.size()).isZero();
        assertThat(read.recent.size()).isEqualTo(2);
    }

    @Test
    void anUnknownVersionSaysWhatToDo() throws Exception {
        byte[] bytes = bytes(aUser());
        bytes[0] = 99;

        assertThatThrownBy(() -> serializer.deserialize(new DataInputDeserializer(bytes)))
                .hasMessageContaining("format 99")
                .hasMessageContaining("job jar that wrote it");
    }

    @Test
    void aFullWindowOfDuplicatesIsBoundedAndReadBack() throws Exception {
        UserState state = new UserState();
        for (int i = 0; i < 3 * DuplicateWindow.CAPACITY; i++) {
            apply(state, Signals.anEvent("e" + i).atSecond(i));
        }

        assertThat(state.duplicates.size()).isEqualTo(DuplicateWindow.CAPACITY);
        assertThat(bytes(state)).hasSizeLessThan(14 * 1024);
        assertThat(bytes(serializer.deserialize(new DataInputDeserializer(bytes(state)))))
                .isEqualTo(bytes(state));
        ScoringTask task = new ScoringTask();
        task.features(state);
        assertThat(task.totalEvents()).isEqualTo(3L * DuplicateWindow.CAPACITY);
    }
}
