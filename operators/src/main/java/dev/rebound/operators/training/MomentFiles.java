package dev.rebound.operators.training;

import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.release.ModelManifest;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Moments as files for whoever trains in another language: one array a file in NumPy's format (NEP 1, version 1.0), which
 * can be mapped without reading it. Beside them the vocabulary and a {@code features.json}, the beginning of a manifest.
 *
 * <p>{@code times.npy} int64 (moments), milliseconds; {@code sequence.npy} int32 (moments, sequence length) and
 * {@code candidates.npy} int32 (moments, candidates), rows of the vocabulary, 0 = none or unknown; {@code dense.npy}
 * float32 (moments, candidates, features); {@code labels.npy} float32 (moments, candidates), 1 for what was chosen, below
 * 0 where there is no candidate.
 */
public final class MomentFiles {
    /** The header's length is a multiple of it, so that the data is aligned. */
    private static final int ALIGNMENT = 64;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final float PADDING = -1;

    private final TrainingSet set;
    private final ItemVocabulary vocabulary;
    private final Path folder;

    private MomentFiles(TrainingSet set, ItemVocabulary vocabulary, Path folder) {
        this.set = set;
        this.vocabulary = vocabulary;
        this.folder = folder;
    }

    /**
     * Writes a training set.
     *
     * @param itemIds the vocabulary; the first is row 1
     * @param folder made if there is none
     */
    public static void write(TrainingSet set, List<String> itemIds, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("vocabulary.txt"), String.join("\n", itemIds));
        Files.write(folder.resolve("features.json"), ModelManifest.inputsToJson());
        new MomentFiles(set, ItemVocabulary.of(itemIds), folder).arrays();
    }

    private void arrays() throws IOException {
        int items = set.candidates();
        array("times.npy", "<i8", Long.BYTES, "", (moment, row) -> row.putLong(set.timeMillis(moment)));
        array("sequence.npy", "<i4", set.sequenceLength() * Integer.BYTES, set.sequenceLength() + ",", this::sequence);
        array("candidates.npy", "<i4", items * Integer.BYTES, items + ",", this::candidates);
        array("dense.npy", "<f4", items * set.width() * Float.BYTES, items + ", " + set.width() + ",", this::dense);
        array("labels.npy", "<f4", items * Float.BYTES, items + ",", this::labels);
    }

    private void sequence(int moment, ByteBuffer row) {
        for (int n = 0; n < set.sequenceLength(); n++) {
            row.putInt(vocabulary.row(set.recentItemKey(moment, n)));
        }
    }

    private void candidates(int moment, ByteBuffer row) {
        for (int c = 0; c < set.candidates(); c++) {
            row.putInt(vocabulary.row(set.candidateKey(moment, c)));
        }
    }

    private void dense(int moment, ByteBuffer row) {
        for (int c = 0; c < set.candidates(); c++) {
            for (int f = 0; f < set.width(); f++) {
                row.putFloat(set.dense(moment, c, f));
            }
        }
    }

    private void labels(int moment, ByteBuffer row) {
        for (int c = 0; c < set.candidates(); c++) {
            row.putFloat(set.candidateKey(moment, c) == 0 ? PADDING : set.label(moment, c));
        }
    }

    /** Writes what a moment has in one of the arrays. */
    private interface Row {
        void write(int moment, ByteBuffer row);
    }

    /** @param otherDimensions beside that of moments, each with a comma after it */
    private void array(String file, String type, int bytesPerMoment, String otherDimensions, Row writer)
            throws IOException {
        ByteBuffer row = ByteBuffer.allocate(bytesPerMoment).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = Files.newOutputStream(folder.resolve(file));
                DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, 1 << 16))) {
            data.write(header(type, otherDimensions));
            for (int moment = 0; moment < set.size(); moment++) {
                row.clear();
                writer.write(moment, row);
                data.write(row.array());
            }
        }
    }

    private byte[] header(String type, String otherDimensions) {
        String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + set.size() + ", "
                + otherDimensions + "), }";
        int before = MAGIC.length + Short.BYTES;
        int size = (before + text.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
        return ByteBuffer.allocate(size)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putShort((short) (size - before))
                .put((text + " ".repeat(size - before - text.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
