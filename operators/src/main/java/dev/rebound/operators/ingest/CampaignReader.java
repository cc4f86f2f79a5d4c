package dev.rebound.operators.ingest;

import static dev.rebound.operators.ingest.InvalidRecordException.allowName;
import static dev.rebound.operators.ingest.InvalidRecordException.requireAmount;
import static dev.rebound.operators.ingest.InvalidRecordException.requireId;

import dev.rebound.operators.campaigns.CampaignEntry;
import dev.rebound.operators.campaigns.CampaignSignal;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.schemas.Campaign;
import dev.rebound.schemas.CampaignKind;
import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Decodes and validates campaigns; a null value ends the campaign of its key. */
final class CampaignReader implements RecordReader<CampaignSignal> {
    private static final long serialVersionUID = 1L;

    /** Every scoring task holds every scope: 8 bytes an item. */
    private static final int MOST_ITEMS = 50_000;

    private static final int MOST_CATEGORIES = 1000;

    private transient RecordCodec<Campaign> codec;
    private transient CampaignSignal signal;

    @Override
    public void open() {
        codec = RecordCodec.of(Campaign.class);
        signal = new CampaignSignal();
    }

    @Override
    public CampaignSignal read(ConsumerRecord<byte[], byte[]> record)
            throws UndecodableRecordException, InvalidRecordException {
        if (record.value() == null) {
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            signal.kind = CampaignSignal.Kind.ENDED;
            signal.campaignKey = ItemKey.of(requireId("key", key));
            signal.entry = null;
            return signal;
        }
        CampaignEntry entry = entry(codec.decode(record.value(), null));
        signal.kind = CampaignSignal.Kind.DEFINED;
        signal.campaignKey = ItemKey.of(entry.campaignId());
        signal.entry = entry;
        return signal;
    }

    private static CampaignEntry entry(Campaign campaign) throws InvalidRecordException {
        if (campaign.getKind() == CampaignKind.UNKNOWN) {
            throw new InvalidRecordException(
                    DeadLetterReason.UNKNOWN_ENUM, "kind is none that this job knows; upgrade the job");
        }
        String campaignId = requireId("campaignId", campaign.getCampaignId());
        if (campaign.getStartsAt() >= campaign.getEndsAt()) {
            throw outOfRange("endsAt " + campaign.getEndsAt() + " is not after startsAt " + campaign.getStartsAt());
        }
        requireAtMost(MOST_ITEMS, "itemIds", campaign.getItemIds());
        requireAtMost(MOST_CATEGORIES, "categories", campaign.getCategories());
        for (String category : campaign.getCategories()) {
            allowName("categories", category);
        }
        Long discount = campaign.getDiscountMinor();
        Long budget = campaign.getBudgetMinor();
        return new CampaignEntry(
                campaignId,
                campaign.getItemIds().stream().mapToLong(ItemKey::of).distinct().toArray(),
                campaign.getCategories().toArray(String[]::new),
                budget == null ? CampaignEntry.UNLIMITED : requireAmount("budgetMinor", budget),
                discount == null ? 0 : requireAmount("discountMinor", discount),
                campaign.getStartsAt(),
                campaign.getEndsAt(),
                limit("maxImpressionsPerUser", campaign.getMaxImpressionsPerUser()),
                limit("maxRedemptionsPerUser", campaign.getMaxRedemptionsPerUser()));
    }

    private static void requireAtMost(int most, String field, List<String> values) throws InvalidRecordException {
        if (values.size() > most) {
            throw outOfRange(field + " has " + values.size() + " entries, at most " + most
                    + " are allowed; name categories, or split the campaign");
        }
    }

    private static int limit(String field, @Nullable Integer value) throws InvalidRecordException {
        if (value == null) {
            return CampaignEntry.UNLIMITED;
        }
        if (value < 0) {
            throw outOfRange(field + " " + value + " is negative; leave it out where there is no limit");
        }
        return value;
    }

    private static InvalidRecordException outOfRange(String message) {
        return new InvalidRecordException(DeadLetterReason.OUT_OF_RANGE, message);
    }
}
