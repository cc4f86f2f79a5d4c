package dev.rebound.deploy.lab.reconcile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The names that outputs call users by: their own ids, or under a key the first 128 bits of HMAC-SHA-256 (RFC 2104) in
 * base64url without padding. Written from docs/concepts.md, Privacy. Owned by one thread.
 */
final class UserNames {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final @Nullable Mac mac;

    private UserNames(@Nullable Mac mac) {
        this.mac = mac;
    }

    /** Users' own ids. */
    static UserNames plain() {
        return new UserNames(null);
    }

    /**
     * Pseudonyms under the key in a file, white space at its end not counted.
     *
     * @throws IOException if the file can't be read, or is empty
     */
    static UserNames keyedBy(Path file) throws IOException {
        byte[] key = withoutWhiteSpaceAtTheEnd(Files.readAllBytes(file));
        if (key.length == 0) {
            throw new IOException(file + " is empty");
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return new UserNames(mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no " + ALGORITHM, e);
        }
    }

    private static byte[] withoutWhiteSpaceAtTheEnd(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && Character.isWhitespace(bytes[length - 1])) {
            length--;
        }
        return Arrays.copyOf(bytes, length);
    }

    /** What outputs call a user of the inputs. */
    String of(String userId) {
        if (mac == null) {
            return userId;
        }
        byte[] digest = mac.doFinal(userId.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
    }
}
