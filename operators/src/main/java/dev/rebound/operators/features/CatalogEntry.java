package dev.rebound.operators.features;

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
 * @param updatedMillis when the shop changed it; an older change never replaces a newer one
 */
public record CatalogEntry(
        String itemId,
        @Nullable String leafCategory,
        @Nullable String brand,
        long priceMinor,
        boolean offered,
        long updatedMillis) {

    /** The entry of an item that left the catalog. */
    public static CatalogEntry removed(String itemId, long atMillis) {
        return new CatalogEntry(itemId, null, null, 0, false, atMillis);
    }

    public void write(DataOutputView out) throws IOException {
        Wire.writeString(itemId, out);
        Wire.writeString(leafCategory, out);
        Wire.writeString(brand, out);
        out.writeLong(priceMinor);
        out.writeBoolean(offered);
        out.writeLong(updatedMillis);
    }

    public static CatalogEntry read(DataInputView in) throws IOException {
        return new CatalogEntry(
                Wire.readRequiredString(in),
                Wire.readString(in),
                Wire.readString(in),
                in.readLong(),
                in.readBoolean(),
                in.readLong());
    }
}
