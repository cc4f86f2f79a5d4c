package dev.rebound.deploy.site;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where Flink's REST interface is, and who asks.
 *
 * @param addresses of JobManagers that stand by for each other: whichever is there forwards to the leader
 * @param trustStore whose certificates are believed; null for those that Java believes
 * @param keyStore with the certificate that is shown; null where none is asked for
 * @param login of an authenticating proxy; null where there is none
 */
public record FlinkAccess(
        List<URI> addresses,
        @Nullable Store trustStore,
        @Nullable Store keyStore,
        @Nullable Login login) {

    public FlinkAccess {
        addresses = List.copyOf(addresses);
    }

    /** A key store file, PKCS12 or JKS. Printed, it tells no password. */
    public record Store(Path file, String password) {
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /** Of HTTP's basic authentication. Printed, it tells no password. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /** A cluster that asks for nothing. */
    public static FlinkAccess plain(List<URI> addresses) {
        return new FlinkAccess(addresses, null, null, null);
    }

    /** The header's value. */
    Optional<String> authorization() {
        return Optional.ofNullable(login)
                .map(known -> "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (known.user() + ":" + known.password()).getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Empty where Java's own does.
     *
     * @throws CommandFailedException naming the setting, if a store can't be read or its certificate is out of date
     */
    Optional<SSLContext> sslContext() {
        if (trustStore == null && keyStore == null) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new CommandFailedException(
                    "flink.trust-store and flink.key-store of the site can't be used: " + InnermostCause.of(e), e);
        }
    }

    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException {
        if (trustStore == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(load("flink.trust-store", trustStore));
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException {
        if (keyStore == null) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore keys = load("flink.key-store", keyStore);
        requireInDate(keys);
        factory.init(keys, keyStore.password().toCharArray());
        return factory.getKeyManagers();
    }

    /** A server says of an expired certificate only that the handshake failed. */
    private void requireInDate(KeyStore keys) throws GeneralSecurityException {
        for (String alias : Collections.list(keys.aliases())) {
            Certificate certificate = keys.getCertificate(alias);
            if (keys.isKeyEntry(alias) && certificate instanceof X509Certificate own) {
                try {
                    own.checkValidity();
                } catch (CertificateExpiredException e) {
                    throw new CommandFailedException(
                            "flink.key-store of the site: the certificate '" + alias + "' in " + keyStore
                                    + " expired on " + own.getNotAfter().toInstant() + ". Put a new one there",
                            e);
                }
            }
        }
    }

    private static KeyStore load(String setting, Store store) throws GeneralSecurityException {
        if (!Files.isReadable(store.file())) {
            throw new CommandFailedException(
                    setting + " of the site: there is no file " + store.file() + " that this user may read");
        }
        try (InputStream in = Files.newInputStream(store.file())) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, store.password().toCharArray());
            return keys;
        } catch (IOException e) {
            throw new CommandFailedException(
                    setting + " of the site: " + store.file() + " can't be opened with its password: "
                            + InnermostCause.of(e),
                    e);
        }
    }
}
