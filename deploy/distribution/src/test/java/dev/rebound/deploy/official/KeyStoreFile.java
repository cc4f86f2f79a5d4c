package dev.rebound.deploy.official;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A PKCS #12 file with a key and its certificate.
 *
 * @param password of the file and of the key
 * @param trusted a PKCS #12 file of the same password with the certificates that are believed; a certificate that signs
 *     itself is in its own key store
 */
public record KeyStoreFile(Path file, String password, Path trusted) {

    /**
     * Makes a certificate of 127.0.0.1 and localhost that signs itself and believes itself, with the JDK's keytool.
     *
     * @param name of the file and in the certificate
     */
    public static KeyStoreFile selfSigned(Path folder, String name) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + ".p12");
        String password = "secret-" + name;
        List<String> line = List.of(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
                "-alias",
                name,
                "-keyalg",
                // The cipher suites that Flink offers want one: with EC no two processes would understand each other.
                "RSA",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=IP:127.0.0.1,DNS:localhost",
                "-validity",
                "2");
        Process keytool = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(String.join(" ", line) + " failed: " + output);
        }
        return new KeyStoreFile(file, password, file);
    }

    void edit(EditedYaml yaml, String prefix) {
        yaml.set(prefix + "keystore", file)
                .set(prefix + "keystore-password", password)
                .set(prefix + "key-password", password)
                .set(prefix + "truststore", trusted)
                .set(prefix + "truststore-password", password);
    }

    /** Of a client that shows this certificate and believes those of another file. */
    public SSLContext believing(KeyStoreFile server) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(file, password), password.toCharArray());
            return context(keys.getKeyManagers(), server);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Can't use " + file, e);
        }
    }

    /** Of a client that shows no certificate and believes those of a file. */
    public static SSLContext anonymousBelieving(KeyStoreFile server) {
        try {
            return context(new KeyManager[0], server);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Can't use " + server.trusted(), e);
        }
    }

    private static SSLContext context(KeyManager[] keys, KeyStoreFile server)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load(server.trusted(), server.password()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore load(Path file, String password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(file)) {
            store.load(content, password.toCharArray());
        }
        return store;
    }
}
