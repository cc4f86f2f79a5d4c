package dev.rebound.deploy.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;
import org.jspecify.annotations.Nullable;

/**
 * Who this process is to a Kerberos realm.
 *
 * @param principal such as rebound@EXAMPLE.ORG
 * @param krb5Conf where the realm is described; null for the machine's own
 */
public record KerberosLogin(
        String principal, Path keytab, @Nullable Path krb5Conf) {
    private static final String KRB5_CONF = "java.security.krb5.conf";

    /**
     * Logs this process in, once.
     *
     * @param hadoop of the file system
     * @throws CommandFailedException naming the setting, if the keytab is missing, or the realm does not accept it
     */
    void in(Configuration hadoop) {
        requireReadable("files.keytab", keytab);
        if (krb5Conf != null) {
            requireReadable("files.krb5-conf", krb5Conf);
            System.setProperty(KRB5_CONF, krb5Conf.toString());
        }
        UserGroupInformation.setConfiguration(hadoop);
        if (!UserGroupInformation.isSecurityEnabled()) {
            throw new CommandFailedException("files.principal of the site is " + principal + ", but"
                    + " hadoop.security.authentication in files.hadoop-conf-dir is not kerberos");
        }
        try {
            if (UserGroupInformation.isLoginKeytabBased()
                    && UserGroupInformation.getLoginUser().getUserName().equals(principal)) {
                return;
            }
            UserGroupInformation.loginUserFromKeytab(principal, keytab.toString());
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The realm does not let files.principal " + principal + " of the site in with files.keytab "
                            + keytab + ": " + InnermostCause.of(e),
                    e);
        }
    }

    private static void requireReadable(String setting, Path file) {
        if (!Files.isReadable(file)) {
            throw new CommandFailedException(
                    setting + " of the site: there is no file " + file + " that this user may read");
        }
    }
}
