package dev.rebound.operators.retraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.training.TrainingSet;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.TrainingExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceMomentsTest {
    @TempDir
    Path folder;

    private SliceFile.Writer writer;

    @BeforeEach
    void open() throws IOException {
        writer = new SliceFile.Writer(folder.resolve("examples"));
    }

    @AfterEach
    void close() throws IOException {
        writer.close();
    }

    private void example(long slice, String list, int second, int position, String item, float label)
            throws IOException {
        writer.add(
                slice,
                RecordCodec.of(TrainingExample.class)
                        .encode(TrainingExample.newBuilder()
                                .setRecommendationId(list)
                                .setUserId("of-" + list)
                                .setItemId(item)
                                .setPosition(position)
                                .setModelVersion("v1")
                                .setScore(0.5f)
                                .setRecentItemIds(List.of("recent"))
                                .setDenseFeatures(Collections.nCopies(DenseFeature.WIDTH, (float) position))
                                .setLabel(label)
                                .setScoredAt(second * 1000L)
                                .setRequestedAt(second * 1000L)
                                .build()));
    }

    private void list(long slice, String list, int second) throws IOException {
        example(slice, list, second, 1, list + "-passed", 0);
        example(slice, list, second, 0, list + "-taken", 1);
    }

    private SliceMoments read(double comparedShare) throws IOException {
        writer.close();
        return SliceMoments.read(folder.resolve("examples"), 7, comparedShare);
    }

    @Test
    void theExamplesOfAListAreAMomentInTheOrderOfItsPlaces() throws IOException {
        list(7, "a", 3);

        TrainingSet set = read(0).trainingSet();

        assertThat(set.size()).isEqualTo(1);
        assertThat(set.timeMillis(0)).isEqualTo(3000);
        assertThat(set.recentItemKey(0, 0)).isEqualTo(ItemKey.of("recent"));
        assertThat(set.candidateKey(0, 0)).isEqualTo(ItemKey.of("a-taken"));
        assertThat(set.label(0, 0)).isOne();
        assertThat(set.dense(0, 1, 4)).isOne();
        assertThat(set.label(0, 1)).isZero();
    }

    @Test
    void ofAListOfWhichNothingOrAllWasTakenNothingIsLearned() throws IOException {
        list(7, "a", 3);
        example(7, "nothing", 4, 0, "x", 0);
        example(7, "nothing", 4, 1, "y", 0);
        example(7, "all", 4, 0, "x", 1);

        assertThat(read(0).trainingSet().size()).isEqualTo(1);
    }

    @Test
    void theNewestListsOfTheNewestSliceAreComparedOnAndNotTrainedOn() throws IOException {
        list(7, "d", 40);
        list(7, "b", 20);
        list(6, "replayed", 50);
        list(7, "c", 30);
        list(7, "a", 10);

        SliceMoments moments = read(0.5);

        assertThat(moments.comparedUsers()).containsExactly("of-c", "of-d");
        assertThat(moments.comparedSet().timeMillis(0)).isEqualTo(30_000);
        TrainingSet trained = moments.trainingSet();
        assertThat(trained.size()).isEqualTo(3);
        assertThat(trained.timeMillis(0)).as("replayed ones first").isEqualTo(50_000);
        assertThat(trained.timeMillis(2)).isEqualTo(20_000);
    }
}
