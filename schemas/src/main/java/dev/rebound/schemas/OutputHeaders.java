package dev.rebound.schemas;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The Kafka headers of output records, by which readers know whose they are and which they have already, without decoding
 * them. {@link #SITE_EPOCH} is on every one, {@link #ID} on those that are made again from the same cause.
 */
public final class OutputHeaders {
    /** Which take-over of the site the record is of: decimal digits in ASCII. */
    public static final String SITE_EPOCH = "rebound-site-epoch";

    /** A hash that is the same whenever the same output is made again: 16 hexadecimal digits, lower case, in ASCII. */
    public static final String ID = "rebound-id";

    private static final int ID_DIGITS = 16;
    private static final int MOST_EPOCH_DIGITS = 18;

    private OutputHeaders() {}

    /** The value of {@link #SITE_EPOCH}, a fresh array. */
    public static byte[] epoch(long epoch) {
        return Long.toString(epoch).getBytes(StandardCharsets.US_ASCII);
    }

    /** The value of {@link #ID}, a fresh array. */
    public static byte[] id(long id) {
        return HexFormat.of().toHexDigits(id).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads {@link #SITE_EPOCH}.
     *
     * @throws NumberFormatException if it is no number of 1 to 18 digits
     */
    public static long epochOf(byte[] value) {
        if (value == null || value.length == 0 || value.length > MOST_EPOCH_DIGITS) {
            throw unreadable(SITE_EPOCH, value, "a number of 1 to 18 digits");
        }
        long epoch = 0;
        for (byte digit : value) {
            if (digit < '0' || digit > '9') {
                throw unreadable(SITE_EPOCH, value, "a number of 1 to 18 digits");
            }
            epoch = 10 * epoch + digit - '0';
        }
        return epoch;
    }

    /**
     * Reads {@link #ID}.
     *
     * @throws NumberFormatException if it is not 16 hexadecimal digits
     */
    public static long idOf(byte[] value) {
        if (value == null || value.length != ID_DIGITS) {
            throw unreadable(ID, value, "16 hexadecimal digits");
        }
        try {
            return HexFormat.fromHexDigitsToLong(new String(value, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw unreadable(ID, value, "16 hexadecimal digits");
        }
    }

    private static NumberFormatException unreadable(String header, byte[] value, String wanted) {
        String is = value == null ? "null" : '\'' + new String(value, StandardCharsets.US_ASCII) + '\'';
        return new NumberFormatException("the header " + header + " is " + is + ", not " + wanted);
    }
}
