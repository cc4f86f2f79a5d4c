package dev.rebound.operators.user;

/**
 * How often one user was shown which campaign and redeemed it, for the campaigns last touched: at most
 * {@link #CAPACITY}, 16 bytes each, the one not touched for longest giving way to a new one.
 */
public final class UserCampaigns {
    /** Most campaigns of a user. */
    public static final int CAPACITY = 64;

    final long[] keys = new long[CAPACITY];
    final int[] impressions = new int[CAPACITY];
    final int[] redemptions = new int[CAPACITY];
    int size;

    /** Notes that the user was shown a campaign. */
    public void shown(long campaignKey) {
        impressions[touch(campaignKey)]++;
    }

    /** Notes that the user redeemed a campaign. */
    public void redeemed(long campaignKey) {
        redemptions[touch(campaignKey)]++;
    }

    /** How often the user was shown a campaign. */
    public int impressions(long campaignKey) {
        int at = indexOf(campaignKey);
        return at < 0 ? 0 : impressions[at];
    }

    /** How often the user redeemed a campaign. */
    public int redemptions(long campaignKey) {
        int at = indexOf(campaignKey);
        return at < 0 ? 0 : redemptions[at];
    }

    public boolean isEmpty() {
        return size == 0;
    }

    private int indexOf(long campaignKey) {
        for (int i = 0; i < size; i++) {
            if (keys[i] == campaignKey) {
                return i;
            }
        }
        return -1;
    }

    /** Makes the campaign the last one, which is where the latest stands, and returns its place. */
    private int touch(long campaignKey) {
        int at = indexOf(campaignKey);
        int impressionsBefore = at < 0 ? 0 : impressions[at];
        int redemptionsBefore = at < 0 ? 0 : redemptions[at];
        if (at >= 0) {
            remove(at);
        } else if (size == CAPACITY) {
            remove(0);
        }
        keys[size] = campaignKey;
        impressions[size] = impressionsBefore;
        redemptions[size] = redemptionsBefore;
        return size++;
    }

    private void remove(int at) {
        int later = size - at - 1;
        System.arraycopy(keys, at + 1, keys, at, later);
        System.arraycopy(impressions, at + 1, impressions, at, later);
        System.arraycopy(redemptions, at + 1, redemptions, at, later);
        size--;
    }
}
