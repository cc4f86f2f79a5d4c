package dev.rebound.deploy.control.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;

/**
 * Tells which files of a folder of settings hold secrets. Those stay out of backups, which go to places that more people
 * read and where they would outlive their change.
 */
final class SecretFiles {
    private static final Set<String> KEY_FILES =
            Set.of("keytab", "p12", "pfx", "jks", "jceks", "bcfks", "keystore", "truststore", "key", "pem", "secret");

    /** A setting with its value, as in YAML, also within braces, and in properties. */
    private static final Pattern LINE =
            Pattern.compile("(?m)(?:^|[{,])\\s*[\"']?([\\w.$-]+)[\"']?\\s*[:=][ \\t]*([^\\s{,}][^,}\\n]*)");

    /** The same in Hadoop's files. */
    private static final Pattern PROPERTY =
            Pattern.compile("<name>\\s*([^<\\s]+)\\s*</name>\\s*<value>\\s*([^<]*?)\\s*</value>");

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(password|passphrase|secret|token|api-?key|account\\.key|access-?key|jaas\\.config|basic-auth).*");

    /** What names such a setting tells where the secret is, how it is used or how long it lives, and not the secret. */
    private static final Pattern NO_SECRET_NAME = Pattern.compile(
            "(?i).*(\\.file|\\.path|-file|-path|provider|enabled?|enable|interval|-time|lifetime|algorithm|ratio|class)$");

    private static final Pattern REFERENCE = Pattern.compile("[\"']?\\$\\{[^}]*}?[\"']?");

    private static final long LONGEST_SETTINGS = 1 << 20;

    private SecretFiles() {}

    /** Why a file is to be left out; empty if it holds no secret. */
    static Optional<String> why(FrozenFolder folder, FileStatus file) throws IOException {
        String name = file.getPath().getName().toLowerCase(Locale.ROOT);
        if (KEY_FILES.contains(name.substring(name.lastIndexOf('.') + 1))) {
            return Optional.of("it is a file of keys");
        }
        if (file.getLen() > LONGEST_SETTINGS) {
            return Optional.empty();
        }
        String text = new String(folder.volume().read(file.getPath()), StandardCharsets.UTF_8);
        return secret(LINE, text).or(() -> secret(PROPERTY, text)).map(setting -> "it holds the secret " + setting);
    }

    private static Optional<String> secret(Pattern settings, String text) {
        Matcher setting = settings.matcher(text);
        while (setting.find()) {
            String name = setting.group(1);
            boolean secret = SECRET_NAME.matcher(name).matches()
                    && !NO_SECRET_NAME.matcher(name).matches()
                    && !setting.group(2).isEmpty()
                    && !REFERENCE.matcher(setting.group(2)).matches();
            if (secret) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
