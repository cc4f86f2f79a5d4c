package dev.rebound.operators.scoring;

import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.DecayedSum;
import dev.rebound.operators.item.ItemFeatures;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.PolicySettings;
import dev.rebound.operators.release.ModelLoader;
import dev.rebound.operators.release.TorchScriptPackages;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that PyTorch made, in the operator that serves. */
class TorchScriptServingTest {
    private static final ScoringSettings SETTINGS = new ScoringSettings(
            4, Duration.ofMillis(20), 50, PolicySettings.BY_SCORE, 1, 0, 1, Duration.ZERO, Duration.ZERO);

    @TempDir
    Path cache;

    @Test
    void answersAreScoredByIt() throws Exception {
        Path trained = TorchScriptPackages.folder("t1");
        List<String> items =
                Files.readAllLines(trained.resolve("vocabulary.txt")).subList(0, 12);
        ScoringOperator operator = new ScoringOperator(new ModelLoader(cache.toString(), DeviceChoice.CPU), SETTINGS);
        try (var harness = new KeyedTwoInputStreamOperatorTestHarness<String, ScoringTask, SideInput, OutputRecord>(
                operator, task -> task.userId, null, Types.STRING)) {
            harness.setup(new OutputRecord.Serializer());
            harness.open();
            for (String item : items) {
                harness.processElement2(new StreamRecord<>(SideInputs.of(offered(item))));
            }
            harness.processElement2(new StreamRecord<>(SideInputs.of(ItemUpdate.complete(0, 1))));
            harness.processElement2(new StreamRecord<>(SideInputs.of(TorchScriptPackages.release(trained))));
            operator.awaitModels();
            harness.processElement1(new StreamRecord<>(request("r1")));
            operator.prepareSnapshotPreBarrier(1);

            Recommendation answer = RecordCodec.of(Recommendation.class)
                    .decode(
                            harness.extractOutputValues().stream()
                                    .filter(record -> record.topic() == Topic.RECOMMENDATIONS)
                                    .findFirst()
                                    .orElseThrow()
                                    .value(),
                            null);
            assertThat(answer.getModelVersion()).isEqualTo("t1");
            assertThat(answer.getItems()).hasSize(5).allSatisfy(item -> {
                assertThat(items).contains(item.getItemId());
                assertThat(item.getScore()).isBetween(1e-9f, 1f);
            });
            assertThat(answer.getItems().get(0).getScore())
                    .isGreaterThan(answer.getItems().get(4).getScore());
        }
    }

    private static ItemUpdate offered(String itemId) {
        ItemUpdate update = new ItemUpdate();
        update.itemKey = ItemKey.of(itemId);
        update.item = new ItemState();
        update.item.entry =
                new CatalogEntry(itemId, "all", null, 100, true, new int[0], new long[0], new float[0], START);
        update.item.firstSeenMillis = START;
        update.item.newestMillis = START;
        update.item.popularity = DecayedSum.add(DecayedSum.EMPTY, 1, START, ItemFeatures.POPULARITY_HALF_LIFE_MILLIS);
        return update;
    }

    private static ScoringTask request(String id) {
        ScoringTask task = new ScoringTask();
        task.kind = ScoringTask.Kind.REQUEST;
        task.userId = "u-" + id;
        task.triggerId = id;
        task.count = 5;
        task.timeMillis = START;
        task.firstEventMillis = START;
        task.lastEventMillis = START;
        return task;
    }
}
