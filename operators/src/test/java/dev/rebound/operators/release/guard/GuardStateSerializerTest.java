package dev.rebound.operators.release.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.operators.release.VersionHealth;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class GuardStateSerializerTest {
    /** Version 1 of {@link #aState}; every later version must read it. */
    private static final String VERSION_1 =
            "01066d2f6140370000000000000005011fc301b719952f3a507562026d02610270" + "0273040000000000000000000e000100";

    /** SHA-256 of the 7,449 bytes that version 1 makes of the evidence of {@link #aStateWithEvidence}. */
    private static final String EVIDENCE_OF_VERSION_1 =
            "ceb6123e601b1ec2c670078bb9ed754fa1eaca508145bf4da37d949b9381e809";

    private final GuardStateSerializer serializer = new GuardStateSerializer();

    private static WatchedRelease aRelease(String version) {
        return new WatchedRelease(ModelRelease.newBuilder()
                .setModel("m")
                .setVersion(version)
                .setPackageUri("p")
                .setSha256("s")
                .setStage(ReleaseStage.CANARY)
                .setIssuedAt(7)
                .build());
    }

    private static GuardState aState() {
        GuardState state = new GuardState();
        state.split = "m/a@7";
        state.minuteBeganMillis = 5;
        WatchedRelease ended = aRelease("a");
        ended.set(WatchedRelease.Done.ROLLED_BACK);
        state.releases.put(ended.key(), ended);
        return state;
    }

    private static GuardState aStateWithEvidence() {
        GuardState state = aState();
        WatchedRelease canary = aRelease("b");
        canary.evidence = new Evidence();
        canary.evidence.restart(9, 3);
        VersionOutcome outcome = new VersionOutcome();
        outcome.userHash = -5;
        outcome.scoredMillis = 10;
        outcome.impressions = 200;
        outcome.clicks = 4;
        outcome.conversions = 1;
        canary.evidence.add(outcome);
        VersionHealth health = new VersionHealth();
        health.timeMillis = 11;
        health.users = 3_000_000_000L;
        health.comparedUsers = 4;
        health.topTenOverlap = 2.5;
        health.batches = 6;
        health.failedBatches = 1;
        health.latencies[3] = 6;
        health.scores[19] = 8;
        health.liveScores[0] = 9;
        canary.evidence.add(health);
        canary.evidence.turnMinute();
        canary.evidence.add(health);
        state.releases.put(canary.key(), canary);
        return state;
    }

    private byte[] bytes(GuardState state) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(state, out);
        return out.getCopyOfBuffer();
    }

    private GuardState read(byte[] bytes) throws Exception {
        return serializer.deserialize(new DataInputDeserializer(bytes));
    }

    @Test
    void allThatWasSeenIsReadBack() throws Exception {
        GuardState read = read(bytes(aStateWithEvidence()));

        assertThat(read).usingRecursiveComparison().isEqualTo(aStateWithEvidence());
        assertThat(bytes(read)).isEqualTo(bytes(aStateWithEvidence())).hasSizeLessThan(9 * 1024);
    }

    @Test
    void theFirstVersionIsRead() throws Exception {
        GuardState read = read(HexFormat.of().parseHex(VERSION_1));

        assertThat(read.split).isEqualTo("m/a@7");
        assertThat(read.minuteBeganMillis).isEqualTo(5);
        assertThat(read.releases.get("m/a").has(WatchedRelease.Done.ROLLED_BACK))
                .isTrue();
        assertThat(read.releases.get("m/a").release).isEqualTo(aRelease("a").release);
        assertThat(read.releases.get("m/a").evidence).isNull();
    }

    /** The evidence is too long to be written down here; a change of its format needs a new version, and a reader of this. */
    @Test
    void theEvidenceIsWrittenInTheFormatOfTheFirstVersion() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        aStateWithEvidence().releases.get("m/b").evidence.write(out);

        byte[] sum = MessageDigest.getInstance("SHA-256").digest(out.getCopyOfBuffer());

        assertThat(HexFormat.of().formatHex(sum)).isEqualTo(EVIDENCE_OF_VERSION_1);
    }

    @Test
    void anUnknownVersionSaysWhatToDo() throws Exception {
        byte[] bytes = bytes(aState());
        bytes[0] = 99;

        assertThatThrownBy(() -> read(bytes))
                .hasMessageContaining("format 99")
                .hasMessageContaining("job jar that wrote it");
    }
}
