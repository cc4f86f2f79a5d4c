package dev.rebound.operators.user;

import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.schemas.EventType;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ScoringTaskSerializerTest {
    private final ScoringTaskSerializer serializer = new ScoringTaskSerializer();

    private static ScoringTask aTask() {
        ScoringTask task = new ScoringTask();
        task.userId = "u";
        task.triggerId = "r";
        task.recent.add(ItemKey.of("i"), EventType.VIEW.ordinal(), START);
        task.sessions = 3;
        return task;
    }

    private byte[] bytes(ScoringTask task) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(256);
        serializer.serialize(task, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void aSearchIsReadBackAndTheNextTaskHasNone() throws Exception {
        ScoringTask search = new ScoringTask();
        search.searchOf(Signals.aSearchRequest("r", "u", "red lamp"));

        ScoringTask reuse = serializer.deserialize(new DataInputDeserializer(bytes(search)));
        assertThat(reuse.query).isEqualTo("red lamp");
        assertThat(reuse.queryTerms).containsExactly(search.queryTerms);

        serializer.deserialize(reuse, new DataInputDeserializer(bytes(new ScoringTask())));
        assertThat(reuse.query).isNull();
        assertThat(reuse.queryTerms).isEmpty();
    }

    @Test
    void theSecondVersionIsStillRead() throws Exception {
        byte[] now = bytes(new ScoringTask());
        // It ended before the query, no text and no words, a byte each, and before the record's timestamp.
        byte[] then = Arrays.copyOf(now, now.length - 2 - Long.BYTES);
        then[0] = 2;

        assertThat(bytes(serializer.deserialize(new DataInputDeserializer(then))))
                .isEqualTo(now);
    }

    @Test
    void aTaskOfVersionOneIsReadAndHasNoCampaigns() throws Exception {
        byte[] current = bytes(aTask());
        // It ended before what was shown, explain, campaigns, query and words, here a byte each, the timestamp and the
        // partition.
        byte[] first = Arrays.copyOf(current, current.length - 5 - Long.BYTES - Integer.BYTES);
        first[0] = 1;
        ScoringTask reuse = new ScoringTask();
        reuse.campaigns = new UserCampaigns();

        ScoringTask read = serializer.deserialize(reuse, new DataInputDeserializer(first));

        assertThat(read.sessions).isEqualTo(3);
        assertThat(read.recent.itemKey(0)).isEqualTo(ItemKey.of("i"));
        assertThat(read.campaigns).isNull();
    }

    @Test
    void aTaskOfVersionThreeIsReadAndItsRecordsTimeIsUnknown() throws Exception {
        ScoringTask task = aTask();
        task.recordMillis = START;
        byte[] current = bytes(task);
        byte[] third = Arrays.copyOf(current, current.length - Long.BYTES - Integer.BYTES);
        third[0] = 3;
        ScoringTask reuse = serializer.deserialize(new DataInputDeserializer(current));
        assertThat(reuse.recordMillis).isEqualTo(START);

        ScoringTask read = serializer.deserialize(reuse, new DataInputDeserializer(third));

        assertThat(read.sessions).isEqualTo(3);
        assertThat(read.recordMillis).isZero();
    }

    @Test
    void aTaskOfVersionFourAnswersWhereItsUserIs() throws Exception {
        ScoringTask task = aTask();
        task.replyPartition = 3;
        byte[] current = bytes(task);
        byte[] fourth = Arrays.copyOf(current, current.length - Integer.BYTES);
        fourth[0] = 4;
        ScoringTask reuse = serializer.deserialize(new DataInputDeserializer(current));
        assertThat(reuse.replyPartition).isEqualTo(3);

        ScoringTask read = serializer.deserialize(reuse, new DataInputDeserializer(fourth));

        assertThat(read.sessions).isEqualTo(3);
        assertThat(read.replyPartition).isEqualTo(UserSignal.BY_USER);
    }

    @Test
    void campaignsTravelAlong() throws Exception {
        ScoringTask task = aTask();
        task.campaigns = new UserCampaigns();
        for (int c = 0; c < UserCampaigns.CAPACITY + 1; c++) {
            task.campaigns.shown(ItemKey.of("c" + c));
        }
        task.campaigns.redeemed(ItemKey.of("c7"));

        UserCampaigns read = serializer.deserialize(new DataInputDeserializer(bytes(task))).campaigns;

        assertThat(read.impressions(ItemKey.of("c0")))
                .as("the one not touched for longest")
                .isZero();
        assertThat(read.impressions(ItemKey.of("c64"))).isEqualTo(1);
        assertThat(read.impressions(ItemKey.of("c7"))).isEqualTo(1);
        assertThat(read.redemptions(ItemKey.of("c7"))).isEqualTo(1);
    }
}
