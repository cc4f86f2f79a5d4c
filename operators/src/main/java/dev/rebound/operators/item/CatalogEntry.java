package dev.rebound.operators.item;

import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What the recommender needs of a catalog item.
 *
 * @param itemId the shop's id
 * @param leafCategory last part of the category path; null where the shop gives none
 * @param priceMinor in the currency's minor unit; 0 where unknown
 * @param offered whether it may be recommended: in the catalog and available
 * @param terms hashes of what it is about, see ingest.ItemTerms; not to be changed
 * @param numbers numeric attributes: a value's bits as a float, with the hash of its name above; not to be changed
 * @param embedding what the shop's own model makes of its content, such as its text or picture; empty for nothing; not to
 *     be changed
 * @param updatedMillis when the shop changed it; an older change never replaces a newer one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CatalogEntry(
        String itemId,
        @Nullable String leafCategory,
        @Nullable String brand,
        long priceMinor,
        boolean offered,
        int[] terms,
        long[] numbers,
        float[] embedding,
        long updatedMillis) {
    /** Most floats of an embedding. */
    public static final int MOST_EMBEDDING = 1024;

    private static final int[] NO_TERMS = {};
    private static final long[] NO_NUMBERS = {};
    private static final float[] NO_EMBEDDING = {};

    /** The entry of an item that left the catalog. */
    public static CatalogEntry removed(String itemId, long atMillis) {
        return new CatalogEntry(itemId, null, null, 0, false, NO_TERMS, NO_NUMBERS, NO_EMBEDDING, atMillis);
    }

    /** Whether it says nothing of the item: it left the catalog. */
    boolean isRemoved() {
        return !offered && terms.length == 0 && leafCategory == null && brand == null && priceMinor == 0;
    }

    public void write(DataOutputView out) throws IOException {
        Wire.writeString(itemId, out);
        Wire.writeString(leafCategory, out);
        Wire.writeString(brand, out);
        out.writeLong(priceMinor);
        out.writeBoolean(offered);
        Wire.writeInts(terms, out);
        writeNumbers(out);
        Wire.writeFloats(embedding, out);
        out.writeLong(updatedMillis);
    }

    private void writeNumbers(DataOutputView out) throws IOException {
        Wire.writeCount(numbers.length, out);
        for (long number : numbers) {
            out.writeLong(number);
        }
    }

    private static long[] readNumbers(DataInputView in) throws IOException {
        int length = Wire.readCount(in);
        if (length == 0) {
            return NO_NUMBERS;
        }
        long[] numbers = new long[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = in.readLong();
        }
        return numbers;
    }

    public static CatalogEntry read(DataInputView in) throws IOException {
        return read(in, true, true);
    }

    /** Reads an entry of the format that had neither terms nor numbers. */
    static CatalogEntry readWithoutTerms(DataInputView in) throws IOException {
        return read(in, false, false);
    }

    /** Reads an entry of the format that had no embedding. */
    static CatalogEntry readWithoutEmbedding(DataInputView in) throws IOException {
        return read(in, true, false);
    }

    private static CatalogEntry read(DataInputView in, boolean hasTerms, boolean hasEmbedding) throws IOException {
        return new CatalogEntry(
                Wire.readRequiredString(in),
                Wire.readString(in),
                Wire.readString(in),
                in.readLong(),
                in.readBoolean(),
                hasTerms ? Wire.readInts(in) : NO_TERMS,
                hasTerms ? readNumbers(in) : NO_NUMBERS,
                hasEmbedding ? Wire.readFloats(in) : NO_EMBEDDING,
                in.readLong());
    }
}
