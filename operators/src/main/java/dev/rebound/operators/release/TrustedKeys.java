package dev.rebound.operators.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The public keys, one of which must have signed a package for it to be loaded. */
public final class TrustedKeys {
    private static final String KEYS = "*" + PackageSignature.PUBLIC_KEY_SUFFIX;

    private final Path folder;
    private final List<PublicKey> keys;

    private TrustedKeys(Path folder, List<PublicKey> keys) {
        this.folder = folder;
        this.keys = keys;
    }

    /**
     * Reads every {@code *.pub} of a folder.
     *
     * @throws IOException if there is none, or one is no Ed25519 key: trusting fewer than were meant would show only when
     *     a release is refused
     */
    public static TrustedKeys in(Path folder) throws IOException {
        List<PublicKey> keys = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(PackageSignature.PUBLIC_KEY_SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            keys.add(PackageSignature.publicKey(file));
        }
        if (keys.isEmpty()) {
            throw new IOException("model.trusted-keys-dir " + folder + " holds no " + KEYS
                    + ": put the public keys there, or make a pair with: rebound model keygen");
        }
        return new TrustedKeys(folder, keys);
    }

    /**
     * Checks a manifest's signature.
     *
     * @param signature null where the package has none
     * @throws PackageRefusedException unless it is of one of the keys
     */
    void requireSigned(String packageUri, byte[] manifest, byte @Nullable [] signature) throws PackageRefusedException {
        if (signature == null) {
            throw new PackageRefusedException(
                    packageUri,
                    "it is not signed, and model.trusted-keys-dir " + folder
                            + " asks for a signature: publish it with --sign-key",
                    null);
        }
        for (PublicKey key : keys) {
            try {
                if (PackageSignature.verifies(manifest, signature, key)) {
                    return;
                }
            } catch (GeneralSecurityException e) {
                throw new PackageRefusedException(
                        packageUri, PackageSignature.FILE + " is no Ed25519 signature: " + e.getMessage(), e);
            }
        }
        throw new PackageRefusedException(
                packageUri,
                PackageSignature.FILE + " is of none of the " + keys.size() + " keys in " + folder
                        + ": the package was changed, or signed by somebody who is not trusted",
                null);
    }
}
