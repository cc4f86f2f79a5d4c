package dev.rebound.jobs;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * Kafka's providers of values that stay out of a configuration, {@code ${file:PATH:KEY}}, {@code ${env:NAME}} and
 * {@code ${dir:FOLDER:FILE}}, with one difference: a reference to nothing is an error. Kafka (4.2) takes it for text, and
 * would show it to the brokers as the password.
 */
public final class RequiredValues {
    /** By the names that references give them. */
    static final SortedMap<String, Class<? extends ConfigProvider>> PROVIDERS = Collections.unmodifiableSortedMap(
            new TreeMap<>(Map.of("file", OfFile.class, "env", OfEnvironment.class, "dir", OfFolder.class)));

    private RequiredValues() {}

    private static ConfigData required(ConfigData found, Set<String> keys, String what) {
        for (String key : keys) {
            if (!found.data().containsKey(key)) {
                throw new ConfigException(
                        "The Kafka properties refer to " + what + key + ", which this process does not "
                                + "find; provide it for every JobManager and TaskManager, or correct the file of "
                                + "--kafka.properties-file");
            }
        }
        return found;
    }

    /** {@code ${file:PATH:KEY}}: a key of a properties file. */
    public static final class OfFile extends FileConfigProvider {
        @Override
        public ConfigData get(String path, Set<String> keys) {
            return required(super.get(path, keys), keys, "file:" + path + ":");
        }
    }

    /** {@code ${env:NAME}}: a variable of the environment. */
    public static final class OfEnvironment extends EnvVarConfigProvider {
        @Override
        public ConfigData get(String path, Set<String> keys) {
            return required(super.get(path, keys), keys, "env:");
        }
    }

    /** {@code ${dir:FOLDER:FILE}}: all of a file, such as a mounted secret. */
    public static final class OfFolder extends DirectoryConfigProvider {
        @Override
        public ConfigData get(String path, Set<String> keys) {
            return required(super.get(path, keys), keys, "dir:" + path + ":");
        }
    }
}
