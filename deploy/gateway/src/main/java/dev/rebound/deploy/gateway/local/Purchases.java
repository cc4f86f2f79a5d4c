package dev.rebound.deploy.gateway.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a user bought last, as bytes: for each the time, the length of the id and the id, the newest first. */
final class Purchases {
    /** As in the job: what was bought comes back after an hour. */
    private static final long REST_MILLIS = Duration.ofHours(1).toMillis();

    private static final int MOST_BYTES = 8 * 1024;

    private Purchases() {}

    /** The same with one more. What has rested, and what there is no room for, is left out. */
    static byte[] add(byte @Nullable [] before, String itemId, long timeMillis) {
        byte[] id = itemId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        out.putLong(timeMillis).putShort((short) id.length).put(id);
        ByteBuffer in = ByteBuffer.wrap(before == null ? new byte[0] : before);
        while (in.hasRemaining()) {
            long time = in.getLong();
            byte[] other = new byte[in.getShort()];
            in.get(other);
            if (time > timeMillis - REST_MILLIS && out.remaining() >= Long.BYTES + Short.BYTES + other.length) {
                out.putLong(time).putShort((short) other.length).put(other);
            }
        }
        byte[] all = new byte[out.position()];
        out.flip().get(all);
        return all;
    }

    /** Ids of the items that were bought within the hour. */
    static Set<String> recent(byte @Nullable [] purchases, long nowMillis) {
        Set<String> recent = new HashSet<>();
        ByteBuffer in = ByteBuffer.wrap(purchases == null ? new byte[0] : purchases);
        while (in.hasRemaining()) {
            long time = in.getLong();
            byte[] id = new byte[in.getShort()];
            in.get(id);
            if (time > nowMillis - REST_MILLIS) {
                recent.add(new String(id, StandardCharsets.UTF_8));
            }
        }
        return recent;
    }
}
