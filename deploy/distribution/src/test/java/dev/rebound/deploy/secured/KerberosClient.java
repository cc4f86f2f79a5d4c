package dev.rebound.deploy.secured;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.authentication.util.KerberosName;
import org.jspecify.annotations.Nullable;

/** Lets this JVM's Hadoop client log in with Kerberos until closed, and lets it be as it was then. */
public final class KerberosClient implements AutoCloseable {
    private static final String KRB5_CONF = "java.security.krb5.conf";

    private final Configuration configuration;
    private final @Nullable String before;

    /** @param clientFolder with core-site.xml and hdfs-site.xml */
    KerberosClient(Path krb5Conf, Path clientFolder) {
        before = System.getProperty(KRB5_CONF);
        configuration = new Configuration();
        for (String file : new String[] {"core-site.xml", "hdfs-site.xml"}) {
            configuration.addResource(
                    new org.apache.hadoop.fs.Path(clientFolder.resolve(file).toUri()));
        }
        System.setProperty(KRB5_CONF, krb5Conf.toString());
        forget();
        UserGroupInformation.setConfiguration(configuration);
    }

    /** What is asked of an open file system. */
    public interface Question<T> {
        T ask(FileSystem files) throws IOException;
    }

    public UserGroupInformation login(String principal, Path keytab) throws IOException {
        return UserGroupInformation.loginUserFromKeytabAndReturnUGI(principal, keytab.toString());
    }

    /** Asks as this user, over a connection of its own. */
    public <T> T as(UserGroupInformation user, Question<T> question) throws IOException {
        try {
            return user.doAs((PrivilegedExceptionAction<T>) () -> {
                try (FileSystem files =
                        FileSystem.newInstance(FileSystem.getDefaultUri(configuration), configuration)) {
                    return question.ask(files);
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The JVM and Hadoop both keep what they once read of the realm. */
    private static void forget() {
        try {
            Class.forName("sun.security.krb5.Config").getMethod("refresh").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "This needs --add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED", e);
        }
        UserGroupInformation.reset();
        KerberosName.resetDefaultRealm();
    }

    @Override
    public void close() {
        if (before == null) {
            System.clearProperty(KRB5_CONF);
        } else {
            System.setProperty(KRB5_CONF, before);
        }
        forget();
    }
}
