package dev.rebound.operators.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.release.ModelManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MomentFilesTest {
    private static final int MOMENTS = 7;
    private static final int CANDIDATES = TastefulShop.CANDIDATES;

    @TempDir
    Path folder;

    private final TrainingSet set = TastefulShop.moments(MOMENTS);
    private final ItemVocabulary vocabulary = ItemVocabulary.of(TastefulShop.itemIds());

    @BeforeEach
    void write() throws IOException {
        MomentFiles.write(set, TastefulShop.itemIds(), folder);
    }

    /** The data of an array, after a header that is as NumPy's format asks. */
    private ByteBuffer data(String file, String header) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve(file))).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        bytes.get(magic);
        assertThat(magic).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
        byte[] text = new byte[bytes.getShort()];
        bytes.get(text);
        assertThat(bytes.position() % 64).isZero();
        assertThat(new String(text, StandardCharsets.US_ASCII))
                .startsWith(header)
                .endsWith("\n");
        return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String header(String type, String shape) {
        return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    }

    @Test
    void everyArrayIsOfItsShapeAndHoldsTheMoments() throws Exception {
        int width = DenseFeature.WIDTH;
        ByteBuffer times = data("times.npy", header("<i8", "(7, )"));
        ByteBuffer sequence = data("sequence.npy", header("<i4", "(7, " + FeatureBatch.SEQUENCE_LENGTH + ",)"));
        ByteBuffer candidates = data("candidates.npy", header("<i4", "(7, " + CANDIDATES + ",)"));
        ByteBuffer dense = data("dense.npy", header("<f4", "(7, " + CANDIDATES + ", " + width + ",)"));
        ByteBuffer labels = data("labels.npy", header("<f4", "(7, " + CANDIDATES + ",)"));

        for (int m = 0; m < MOMENTS; m++) {
            assertThat(times.getLong()).isEqualTo(set.timeMillis(m));
            for (int n = 0; n < FeatureBatch.SEQUENCE_LENGTH; n++) {
                assertThat(sequence.getInt()).isEqualTo(vocabulary.row(set.recentItemKey(m, n)));
            }
            for (int c = 0; c < CANDIDATES; c++) {
                assertThat(candidates.getInt()).isEqualTo(vocabulary.row(set.candidateKey(m, c)));
                assertThat(labels.getFloat()).isEqualTo(set.label(m, c));
                for (int f = 0; f < width; f++) {
                    assertThat(dense.getFloat()).isEqualTo(set.dense(m, c, f));
                }
            }
        }
        assertThat(new int[] {times.remaining(), sequence.remaining(), candidates.remaining(), dense.remaining()})
                .containsOnly(0);
    }

    @Test
    void whereThereIsNoCandidateTheLabelIsBelowZero() throws Exception {
        TrainingSet padded = new TrainingSet(1, 2, 1);
        padded.add(1, new long[1], new long[] {5, 0}, new float[2], new float[] {1, 0});
        MomentFiles.write(padded, TastefulShop.itemIds(), folder);

        ByteBuffer labels = data("labels.npy", header("<f4", "(1, 2,)"));
        assertThat(labels.getFloat()).isEqualTo(1f);
        assertThat(labels.getFloat()).isEqualTo(-1f);
    }

    @Test
    void theFeaturesAreTheBeginOfAManifestAndTheVocabularyIsInRows() throws Exception {
        ModelManifest begun = ModelManifest.fromJson(Files.readAllBytes(folder.resolve("features.json")));

        assertThat(begun.denseFeatures()).isEqualTo(ModelManifest.currentDenseFeatures());
        assertThat(begun.sequenceLength()).isEqualTo(FeatureBatch.SEQUENCE_LENGTH);
        assertThat(Files.readAllLines(folder.resolve("vocabulary.txt"))).isEqualTo(TastefulShop.itemIds());
    }
}
