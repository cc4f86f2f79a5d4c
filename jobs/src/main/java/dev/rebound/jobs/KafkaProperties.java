package dev.rebound.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a job's Kafka clients reach the brokers: what the file of {@code --kafka.properties-file} says, to each kind of client
 * what it knows, beside what the job itself sets.
 *
 * <p>The file is read where the job is submitted and travels with the job. A secret does not if it is a reference, see
 * {@link RequiredValues}: Kafka's clients look it up in the process in which they run.
 */
public final class KafkaProperties {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaProperties.class);

    private static final Set<String> OF_CONSUMERS = ConsumerConfig.configDef().names();
    private static final Set<String> OF_PRODUCERS = ProducerConfig.configDef().names();
    private static final Set<String> OF_ADMINS = AdminClientConfig.configDef().names();
    private static final Set<String> OF_ANY = Stream.of(OF_CONSUMERS, OF_PRODUCERS, OF_ADMINS)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private final Map<String, String> given;

    private KafkaProperties(Map<String, String> given) {
        this.given = given;
    }

    /**
     * Reads and validates the file.
     *
     * @param bootstrapServers of {@code --kafka.bootstrap-servers}; null if only the file says so
     * @param file of {@code --kafka.properties-file}; null for clients that need no more than the brokers' addresses
     * @throws IllegalArgumentException naming the file, and every key in it that is wrong, and never a value
     */
    public static KafkaProperties of(@Nullable String bootstrapServers, @Nullable String file) {
        Map<String, String> given = new TreeMap<>();
        if (file != null) {
            given.putAll(KafkaPropertiesFile.read(file));
            warnOfUnknown(given.keySet(), file);
        }
        List<String> errors = new ArrayList<>();
        mergeBrokers(given, bootstrapServers, file, errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", errors));
        }
        return new KafkaProperties(given);
    }

    private static void mergeBrokers(
            Map<String, String> given, @Nullable String option, @Nullable String file, List<String> errors) {
        @Nullable String inFile = given.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        if (option == null && inFile == null) {
            errors.add("Neither --kafka.bootstrap-servers nor bootstrap.servers in the file of --kafka.properties-file "
                    + file + " says where the brokers are; give one of them, such as broker1:9092,broker2:9092");
        } else if (option != null && inFile != null && !servers(option).equals(servers(inFile))) {
            errors.add("--kafka.bootstrap-servers and bootstrap.servers in the file of --kafka.properties-file " + file
                    + " name different brokers; give one of them alone");
        } else if (option != null) {
            given.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, option);
        }
    }

    private static Set<String> servers(String list) {
        return Stream.of(list.split(",")).map(String::trim).collect(Collectors.toSet());
    }

    /** A plug-in may read it; but as likely it is misspelt, and Kafka would say so in each process alone. */
    private static void warnOfUnknown(Set<String> keys, String file) {
        Set<String> unknown = keys.stream()
                .filter(key -> !OF_ANY.contains(key) && !key.startsWith(AbstractConfig.CONFIG_PROVIDERS_CONFIG))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "No Kafka client knows {} in the file of --kafka.properties-file {}: misspelt, or for a plug-in",
                    unknown,
                    file);
        }
    }

    /** Where the brokers are, host:port separated by commas. */
    public String bootstrapServers() {
        return given.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    /** For sources, and for the admin client that each has. */
    public Properties consumer() {
        return of(OF_CONSUMERS);
    }

    /** For sinks. */
    public Properties producer() {
        return of(OF_PRODUCERS);
    }

    /** For an admin client. */
    public Properties admin() {
        return of(OF_ADMINS);
    }

    /** What these clients know, and what none of the others does: that is for plug-ins. */
    private Properties of(Set<String> known) {
        Properties properties = new Properties();
        given.forEach((key, value) -> {
            if (known.contains(key) || !OF_ANY.contains(key)) {
                properties.setProperty(key, value);
            }
        });
        return properties;
    }

    /** Every definition that a key has. */
    static List<ConfigDef.ConfigKey> definitions(String key) {
        return Stream.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef())
                .flatMap(definitions ->
                        Stream.ofNullable(definitions.configKeys().get(key)))
                .toList();
    }
}
