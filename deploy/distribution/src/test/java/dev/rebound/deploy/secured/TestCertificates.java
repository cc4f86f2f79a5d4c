package dev.rebound.deploy.secured;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Certificates of an authority of their own, as PKCS12 stores in a folder, all with the same password. Each key store holds
 * one key with its chain; servers are {@code localhost} and 127.0.0.1.
 */
public final class TestCertificates {
    /** Of every store and key. */
    public static final String PASSWORD = "stores-of-tests";

    public static final String STORE_TYPE = "PKCS12";

    private static final String SERVER = "server";
    private static final String EXPIRED_SERVER = "expired-server";
    private static final String CLIENT = "client";
    private static final String EXPIRED_CLIENT = "expired-client";
    private static final String AUTHORITY = "authority";
    private static final String STRANGER = "stranger";
    private static final String TRUST = "trust";
    private static final String STRANGERS_TRUST = "strangers-trust";

    private final Path folder;

    private TestCertificates(Path folder) {
        this.folder = folder;
    }

    /** Makes all of them, which takes some seconds. */
    public static TestCertificates create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestCertificates made = new TestCertificates(folder);
        // A broker is a client of its own controller, too.
        List<String> ofServer = List.of("SAN=dns:localhost,ip:127.0.0.1", "EKU=serverAuth,clientAuth");
        atOnce(() -> made.authority(AUTHORITY, TRUST), () -> made.authority(STRANGER, STRANGERS_TRUST));
        atOnce(
                () -> made.signed(SERVER, EXPIRED_SERVER, ofServer),
                () -> made.signed(CLIENT, EXPIRED_CLIENT, List.of("EKU=clientAuth")));
        return made;
    }

    private static void atOnce(Runnable... steps) {
        Stream.of(steps).parallel().forEach(Runnable::run);
    }

    /** The key of a server that is to be trusted. */
    public Path server() {
        return store(SERVER);
    }

    /** One that was valid until three weeks ago. */
    public Path expiredServer() {
        return store(EXPIRED_SERVER);
    }

    /** The key of a client that is to be trusted. */
    public Path client() {
        return store(CLIENT);
    }

    /** One that was valid until three weeks ago. */
    public Path expiredClient() {
        return store(EXPIRED_CLIENT);
    }

    /** Trusts the authority that signed all of them. */
    public Path trust() {
        return store(TRUST);
    }

    /** Trusts another authority, and so none of them. */
    public Path strangersTrust() {
        return store(STRANGERS_TRUST);
    }

    /** As the broker's rights name who shows the certificate of {@link #server}. */
    static String serverPrincipal() {
        return "User:" + name(SERVER);
    }

    private Path store(String name) {
        return folder.resolve(name + ".p12");
    }

    private Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    private static String name(String common) {
        return "CN=" + common;
    }

    private void authority(String name, String trust) {
        generate(name, List.of("-ext", "bc:c=ca:true", "-ext", "KU=keyCertSign,cRLSign", "-validity", "3650"));
        keytool(
                store(name),
                name,
                "-exportcert",
                List.of("-rfc", "-file", certificate(name).toString()));
        keytool(
                store(trust),
                name,
                "-importcert",
                List.of("-noprompt", "-file", certificate(name).toString()));
    }

    /** Generates a key and has it signed twice. Each run of keytool takes its half second, so the two share the request. */
    private void signed(String name, String expired, List<String> extensions) {
        generate(name, List.of());
        Path request = folder.resolve(name + ".csr");
        keytool(store(name), name, "-certreq", List.of("-file", request.toString()));
        try {
            Files.copy(store(name), store(expired));
            sign(request, store(name), name, extensions, List.of("-validity", "365"));
            sign(request, store(expired), name, extensions, List.of("-startdate", "-30d", "-validity", "7"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sign(Path request, Path store, String name, List<String> extensions, List<String> validity)
            throws IOException {
        Path chain = folder.resolve(store.getFileName() + ".chain.pem");
        List<String> signing = new ArrayList<>(validity);
        extensions.forEach(extension -> signing.addAll(List.of("-ext", extension)));
        signing.addAll(List.of("-infile", request.toString(), "-outfile", chain.toString(), "-rfc"));
        keytool(store(AUTHORITY), AUTHORITY, "-gencert", signing);
        Files.writeString(chain, Files.readString(certificate(AUTHORITY)), StandardOpenOption.APPEND);
        keytool(store, name, "-importcert", List.of("-noprompt", "-file", chain.toString()));
    }

    private void generate(String name, List<String> options) {
        List<String> all = new ArrayList<>(List.of("-dname", name(name), "-keyalg", "EC", "-groupname", "secp256r1"));
        all.addAll(options);
        keytool(store(name), name, "-genkeypair", all);
    }

    private static void keytool(Path store, String alias, String command, List<String> options) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), command));
        line.addAll(List.of("-alias", alias, "-keystore", store.toString()));
        line.addAll(List.of(
                "-storetype", STORE_TYPE, "-storepass", PASSWORD, "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        line.addAll(options);
        try {
            Process process = new ProcessBuilder(line)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool " + command + " of " + alias + " fails: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while making certificates", e);
        }
    }
}
