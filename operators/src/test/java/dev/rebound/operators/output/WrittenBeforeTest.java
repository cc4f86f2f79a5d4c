package dev.rebound.operators.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.operators.StreamFilter;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenBeforeTest {
    @TempDir
    Path folder;

    private OneInputStreamOperatorTestHarness<OutputRecord, OutputRecord> harness(Path file) throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<OutputRecord, OutputRecord>(
                new StreamFilter<>(new WrittenBefore(file.toUri().toString())));
        harness.setup(new OutputRecord.Serializer());
        return harness;
    }

    private Path file(long... ids) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ids.length * Long.BYTES);
        for (long id : ids) {
            bytes.putLong(id);
        }
        return Files.write(folder.resolve("ids"), bytes.array());
    }

    private static List<Long> passed(OneInputStreamOperatorTestHarness<OutputRecord, OutputRecord> harness, long... ids)
            throws Exception {
        harness.open();
        for (long id : ids) {
            harness.processElement(
                    new StreamRecord<>(new OutputRecord(Topic.RECOMMENDATIONS, new byte[] {1}, new byte[] {2}, 3, id)));
        }
        return harness.extractOutputValues().stream().map(OutputRecord::id).toList();
    }

    @Test
    void whatTheOtherSiteWroteIsLeftOutAsOftenAsItComes() throws Exception {
        try (var harness = harness(file(5, Long.MIN_VALUE, 5))) {
            assertThat(passed(harness, 4, 5, Long.MIN_VALUE, 6, 5)).containsExactly(4L, 6L);
        }
    }

    @Test
    void whatHasNoIdPassesThoughTheFileHoldsZero() throws Exception {
        try (var harness = harness(file(0, 5))) {
            assertThat(passed(harness, OutputRecord.NO_ID, 5)).containsExactly(OutputRecord.NO_ID);
        }
    }

    @Test
    void anEmptyFileLeavesNothingOut() throws Exception {
        try (var harness = harness(file())) {
            assertThat(passed(harness, 1, 2)).containsExactly(1L, 2L);
        }
    }

    @Test
    void moreIdsThanABufferAreAllKnown() throws Exception {
        long[] ids = new long[20_000];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 2L * i + 2;
        }
        try (var harness = harness(file(ids))) {
            assertThat(passed(harness, 2, 3, 20_000, 40_000, 40_002)).containsExactly(3L, 40_002L);
        }
    }

    @Test
    void withoutTheFileTheJobFailsAndSaysWhich() throws Exception {
        try (var harness = harness(folder.resolve("none"))) {
            assertThatThrownBy(harness::open)
                    .hasMessageContaining("There is no file")
                    .hasMessageContaining("/none of what was written before (--output.written-before)");
        }
    }

    @Test
    void aFileThatWasCutIsRefused() throws Exception {
        Path cut = Files.write(folder.resolve("cut"), new byte[12]);
        try (var harness = harness(cut)) {
            assertThatThrownBy(harness::open).hasMessageContaining("has 12 bytes, which are not whole ids of 8");
        }
    }
}
