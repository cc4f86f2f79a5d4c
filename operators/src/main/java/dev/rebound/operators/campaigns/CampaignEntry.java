package dev.rebound.operators.campaigns;

import dev.rebound.operators.serialization.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the recommender needs of a campaign. Neither items nor categories: every item is in the scope.
 *
 * @param campaignId the shop's id
 * @param itemKeys of the items in the scope, 8 bytes each
 * @param categories leaf categories whose items are in the scope too
 * @param budgetMinor in the currency's minor unit, or {@link #UNLIMITED}
 * @param discountMinor what a redemption saves the user and costs the budget; 0 where unknown
 * @param startsMillis from when on it runs
 * @param endsMillis when it is over, exclusive
 * @param maxImpressionsPerUser or {@link #UNLIMITED}
 * @param maxRedemptionsPerUser or {@link #UNLIMITED}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CampaignEntry(
        String campaignId,
        long[] itemKeys,
        String[] categories,
        long budgetMinor,
        long discountMinor,
        long startsMillis,
        long endsMillis,
        int maxImpressionsPerUser,
        int maxRedemptionsPerUser) {

    /** No budget, or no cap. */
    public static final int UNLIMITED = -1;

    public void write(DataOutputView out) throws IOException {
        Wire.writeString(campaignId, out);
        Wire.writeLongs(itemKeys, out);
        Wire.writeStrings(categories, out);
        out.writeLong(budgetMinor);
        out.writeLong(discountMinor);
        out.writeLong(startsMillis);
        out.writeLong(endsMillis);
        out.writeInt(maxImpressionsPerUser);
        out.writeInt(maxRedemptionsPerUser);
    }

    public static CampaignEntry read(DataInputView in) throws IOException {
        String campaignId = Wire.readRequiredString(in);
        long[] itemKeys = Wire.readLongs(in);
        if (itemKeys == null) {
            throw new IOException("The scope of campaign " + campaignId + " is absent");
        }
        return new CampaignEntry(
                campaignId,
                itemKeys,
                Wire.readStrings(in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt());
    }
}
