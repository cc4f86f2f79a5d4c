package dev.rebound.operators.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * Ed25519 signatures (RFC 8032) over the bytes of a manifest, which holds the sums of all other files. A TorchScript
 * archive is code: whoever may write to the registry would otherwise run code in the TaskManagers. Keys are PEM files as
 * OpenSSL writes them, the signature is its 64 bytes.
 */
public final class PackageSignature {
    /** Name of the signature in a package. */
    public static final String FILE = ModelManifest.FILE + ".sig";

    /** How the name of a public key's file ends. */
    public static final String PUBLIC_KEY_SUFFIX = ".pub";

    private static final String ALGORITHM = "Ed25519";
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private PackageSignature() {}

    /**
     * Writes a new pair of keys, the private one readable by its owner only.
     *
     * @param privateKey file; the public key's has the same name and the suffix {@code .pub}
     * @return the public key's file
     * @throws IOException if one of the files exists already, or cannot be written
     */
    public static Path writeKeyPair(Path privateKey) throws IOException {
        Path publicKey = privateKey.resolveSibling(privateKey.getFileName() + PUBLIC_KEY_SUFFIX);
        if (Files.exists(publicKey)) {
            throw new IOException(publicKey + " exists; packages are signed with its key");
        }
        KeyPair pair = newPair();
        Files.createFile(
                privateKey, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(privateKey, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Files.writeString(publicKey, pem("PUBLIC KEY", pair.getPublic().getEncoded()), StandardOpenOption.CREATE_NEW);
        return publicKey;
    }

    private static KeyPair newPair() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK from 15 has " + ALGORITHM, e);
        }
    }

    /**
     * Signs a manifest.
     *
     * @param manifest its bytes as they lie
     * @param privateKey file with the key, PKCS 8 in PEM
     * @throws IOException if it is no such key
     */
    public static byte[] sign(byte[] manifest, Path privateKey) throws IOException {
        byte[] encoded = content(privateKey, "PRIVATE KEY");
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(manifest);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw notAKey(privateKey, "private", e);
        }
    }

    static PublicKey publicKey(Path file) throws IOException {
        byte[] encoded = content(file, "PUBLIC KEY");
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw notAKey(file, "public", e);
        }
    }

    static boolean verifies(byte[] manifest, byte[] signature, PublicKey key) throws GeneralSecurityException {
        Signature verification = Signature.getInstance(ALGORITHM);
        verification.initVerify(key);
        verification.update(manifest);
        return verification.verify(signature);
    }

    private static String pem(String type, byte[] encoded) {
        return "-----BEGIN " + type + "-----\n" + BASE64.encodeToString(encoded) + "\n-----END " + type + "-----\n";
    }

    private static byte[] content(Path file, String type) throws IOException {
        String begin = "-----BEGIN " + type + "-----";
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        String end = "-----END " + type + "-----";
        if (!text.startsWith(begin) || !text.endsWith(end)) {
            throw new IOException(file + " is no PEM file of a " + type + "; make a pair with: rebound model keygen");
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(begin.length(), text.length() - end.length()));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no PEM file: " + e.getMessage(), e);
        }
    }

    private static IOException notAKey(Path file, String kind, GeneralSecurityException cause) {
        return new IOException(
                file + " is no " + kind + " Ed25519 key (" + cause.getMessage()
                        + "); make a pair with: rebound model keygen",
                cause);
    }
}
