package dev.rebound.operators.ingest;

import static dev.rebound.operators.ingest.InvalidRecordException.allowName;
import static dev.rebound.operators.ingest.InvalidRecordException.requireAmount;
import static dev.rebound.operators.ingest.InvalidRecordException.requireId;

import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemSignal;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Decodes and validates catalog updates; a null value removes the item of its key. */
final class CatalogReader implements RecordReader<ItemSignal> {
    private static final long serialVersionUID = 1L;

    private static final float[] NO_EMBEDDING = {};

    /** Sums of products of greater ones leave the range of a float. */
    private static final float LARGEST_IN_EMBEDDING = 1e6f;

    private transient RecordCodec<CatalogItem> codec;
    private transient CatalogItem item;
    private transient ItemSignal signal;
    private transient ItemTerms terms;

    @Override
    public void open() {
        codec = RecordCodec.of(CatalogItem.class);
        item = new CatalogItem();
        signal = new ItemSignal();
        signal.kind = ItemSignal.Kind.CATALOG;
        terms = new ItemTerms();
    }

    @Override
    public ItemSignal read(ConsumerRecord<byte[], byte[]> record)
            throws UndecodableRecordException, InvalidRecordException {
        CatalogEntry entry = record.value() == null ? removed(record) : entry(record);
        signal.itemKey = ItemKey.of(entry.itemId());
        signal.entry = entry;
        return signal;
    }

    private static CatalogEntry removed(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        String itemId = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        return CatalogEntry.removed(requireId("key", itemId), record.timestamp());
    }

    private CatalogEntry entry(ConsumerRecord<byte[], byte[]> record)
            throws UndecodableRecordException, InvalidRecordException {
        item = codec.decode(record.value(), item);
        List<String> path = item.getCategoryPath();
        String leafCategory = path.isEmpty() ? null : allowName("categoryPath", path.get(path.size() - 1));
        long price = item.getPriceMinor() == null ? 0 : requireAmount("priceMinor", item.getPriceMinor());
        return new CatalogEntry(
                requireId("itemId", item.getItemId()),
                leafCategory,
                allowName("brand", item.getBrand()),
                price,
                item.getAvailable(),
                terms.of(item),
                ItemTerms.numbers(item),
                embedding(item.getContentEmbedding()),
                TimeBounds.require("updatedAt", item.getUpdatedAt(), record.timestamp()));
    }

    private static float[] embedding(@Nullable List<Float> values) throws InvalidRecordException {
        if (values == null || values.isEmpty()) {
            return NO_EMBEDDING;
        }
        if (values.size() > CatalogEntry.MOST_EMBEDDING) {
            throw new InvalidRecordException(
                    DeadLetterReason.OUT_OF_RANGE,
                    "contentEmbedding has " + values.size() + " values, more than " + CatalogEntry.MOST_EMBEDDING);
        }
        float[] embedding = new float[values.size()];
        for (int i = 0; i < embedding.length; i++) {
            embedding[i] = values.get(i);
            if (!(Math.abs(embedding[i]) <= LARGEST_IN_EMBEDDING)) {
                throw new InvalidRecordException(
                        DeadLetterReason.OUT_OF_RANGE,
                        "contentEmbedding has " + embedding[i] + " at " + i + ", which is not between -"
                                + LARGEST_IN_EMBEDDING + " and " + LARGEST_IN_EMBEDDING + "; normalise it");
            }
        }
        return embedding;
    }
}
