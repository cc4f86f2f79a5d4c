package dev.rebound.deploy.secured;

import dev.rebound.deploy.local.StackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;

/** A Kerberos realm: a key distribution centre in the test's JVM, on 127.0.0.1. */
final class TestKdc implements AutoCloseable {
    static final String REALM = "REBOUND.TEST";

    private final SimpleKdcServer kdc;
    private final Path folder;

    private TestKdc(SimpleKdcServer kdc, Path folder) {
        this.kdc = kdc;
        this.folder = folder;
    }

    /** Starts it; the folder is for its files and for the key tables. */
    static TestKdc start(Path folder) {
        int port = StackPorts.free().kafka();
        try {
            Files.createDirectories(folder);
            SimpleKdcServer kdc = new SimpleKdcServer();
            kdc.setWorkDir(folder.toFile());
            kdc.setKdcRealm(REALM);
            kdc.setKdcHost("127.0.0.1");
            kdc.setAllowUdp(false);
            kdc.setKdcTcpPort(port);
            kdc.getKdcConfig().setString(KdcConfigKey.PREAUTH_REQUIRED, "true");
            kdc.init();
            kdc.start();
            TestKdc started = new TestKdc(kdc, folder);
            Files.writeString(started.krb5Conf(), configuration(port));
            return started;
        } catch (KrbException e) {
            throw new IllegalStateException("Can't start a KDC in " + folder, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For {@code -Djava.security.krb5.conf}. */
    Path krb5Conf() {
        return folder.resolve("client-krb5.conf");
    }

    /**
     * Makes a principal with a random key.
     *
     * @param name without the realm
     * @return its key table
     */
    Path createPrincipal(String name) {
        Path keytab = folder.resolve(name.replace('/', '-') + ".keytab");
        try {
            kdc.createPrincipal(name);
            kdc.exportPrincipal(name, keytab.toFile());
            return keytab;
        } catch (KrbException e) {
            throw new IllegalStateException("The KDC makes no principal " + name, e);
        }
    }

    static String principal(String name) {
        return name + "@" + REALM;
    }

    /** No name is looked up: what 127.0.0.1 is called differs from machine to machine. */
    private static String configuration(int port) {
        return """
                [libdefaults]
                    default_realm = %1$s
                    dns_lookup_realm = false
                    dns_lookup_kdc = false
                    dns_canonicalize_hostname = false
                    rdns = false
                    udp_preference_limit = 1
                    forwardable = true
                    kdc_timeout = 5000
                    max_retries = 2
                [realms]
                    %1$s = {
                        kdc = 127.0.0.1:%2$d
                    }
                """.formatted(REALM, port);
    }

    @Override
    public void close() {
        try {
            kdc.stop();
        } catch (KrbException e) {
            throw new IllegalStateException("The KDC does not stop", e);
        }
    }
}
