package dev.rebound.jobs;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.SslConfigs;

/** Reads the file of {@code --kafka.properties-file}. Values may be secrets: no error says one. */
final class KafkaPropertiesFile {
    private static final String ALWAYS = "the job rests on its own value; remove it";
    private static final String BY_GUARANTEE = "set --kafka.delivery-guarantee instead";

    /** What the job sets itself, and what to do instead. */
    private static final Map<String, String> OF_THE_JOB = Map.ofEntries(
            entry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "set --kafka.transaction-timeout instead"),
            entry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "set --site.name, which begins each transactional id"),
            entry(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG, ALWAYS),
            entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, BY_GUARANTEE),
            entry(ProducerConfig.ACKS_CONFIG, BY_GUARANTEE),
            entry(ProducerConfig.RETRIES_CONFIG, BY_GUARANTEE),
            entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, BY_GUARANTEE),
            entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ALWAYS),
            entry(ProducerConfig.PARTITIONER_CLASS_CONFIG, ALWAYS),
            entry(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, ALWAYS),
            entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ALWAYS),
            entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ALWAYS),
            entry(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ALWAYS),
            entry(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ALWAYS),
            entry(ConsumerConfig.GROUP_ID_CONFIG, "set --kafka.group-id instead"),
            entry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, ALWAYS),
            entry(ConsumerConfig.CLIENT_ID_CONFIG, "set --kafka.group-id, by which the sources are named"),
            entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, ALWAYS),
            entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, ALWAYS),
            entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, ALWAYS),
            entry(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, ALWAYS),
            entry(AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG, "set --kafka.bootstrap-servers instead"),
            // Of Flink's connector.
            entry("client.id.prefix", "set --kafka.group-id, by which the sources are named"),
            entry("partition.discovery.interval.ms", ALWAYS),
            entry("commit.offsets.on.checkpoint", ALWAYS));

    /** Those that say something by being empty: this one that the name in a broker's certificate is not looked at. */
    private static final Set<String> MAY_BE_EMPTY = Set.of(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);

    private final String file;
    private final Map<String, String> values = new TreeMap<>();
    private final List<String> errors = new ArrayList<>();

    private KafkaPropertiesFile(String file) {
        this.file = file;
    }

    /**
     * The properties of a file in UTF-8, with the providers that its references need.
     *
     * @throws IllegalArgumentException naming the file, and every key that is wrong
     */
    static Map<String, String> read(String file) {
        KafkaPropertiesFile read = new KafkaPropertiesFile(file);
        read.load();
        read.values.forEach(read::check);
        read.checkReferences();
        if (!read.errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", read.errors));
        }
        return read.values;
    }

    private void load() {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw refused("is not there: give the path of a file where the job is submitted", e);
        } catch (CharacterCodingException e) {
            throw refused("is not in UTF-8: save it in UTF-8", e);
        } catch (IOException e) {
            throw refused("cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw refused("has an escape that is none: write a backslash as two", e);
        }
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    }

    private IllegalArgumentException refused(String why, Exception cause) {
        return new IllegalArgumentException("--kafka.properties-file " + file + " " + why, cause);
    }

    private void error(String key, String why) {
        errors.add("--kafka.properties-file " + file + ": " + key + " " + why);
    }

    private void check(String key, String value) {
        if (OF_THE_JOB.containsKey(key)) {
            error(key, "is not for this file: " + OF_THE_JOB.get(key));
        } else if (value.isBlank() && !MAY_BE_EMPTY.contains(key)) {
            error(key, "has no value; give one, or remove the line");
        } else if (references(value).isEmpty()) {
            checkType(key, value);
        }
    }

    /** What is found only by a client would restart the job for ever. */
    private void checkType(String key, String value) {
        for (ConfigDef.ConfigKey definition : KafkaProperties.definitions(key)) {
            try {
                Object parsed = ConfigDef.parseType(key, value, definition.type);
                if (definition.validator != null) {
                    definition.validator.ensureValid(key, parsed);
                }
            } catch (ConfigException e) {
                error(
                        key,
                        "cannot have its value: it is of type " + definition.type
                                + (definition.validator == null ? "" : ", " + definition.validator));
                return;
            }
        }
    }

    /** Kafka takes a reference for text if its provider is not configured, and would send it as the password. */
    private void checkReferences() {
        Set<String> used = new TreeSet<>();
        values.values().forEach(value -> used.addAll(references(value)));
        if (!values.containsKey(AbstractConfig.CONFIG_PROVIDERS_CONFIG)) {
            Set<String> ours = new TreeSet<>(used);
            ours.retainAll(RequiredValues.PROVIDERS.keySet());
            configure(ours);
        }
        List<String> configured = configured();
        values.forEach((key, value) -> references(value).stream()
                .filter(provider -> !configured.contains(provider))
                .forEach(provider -> error(
                        key,
                        "refers to '${" + provider + ":', which is no provider: take "
                                + RequiredValues.PROVIDERS.keySet() + ", or add it to config.providers")));
    }

    private void configure(Set<String> providers) {
        if (!providers.isEmpty()) {
            values.put(AbstractConfig.CONFIG_PROVIDERS_CONFIG, String.join(",", providers));
            providers.forEach(name -> values.putIfAbsent(
                    classKey(name), RequiredValues.PROVIDERS.get(name).getName()));
        }
    }

    /** Kafka passes over a provider without a class, and over one with a blank before its name. */
    private List<String> configured() {
        List<String> names = Stream.of(values.getOrDefault(AbstractConfig.CONFIG_PROVIDERS_CONFIG, "")
                        .split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .toList();
        if (!names.isEmpty()) {
            values.put(AbstractConfig.CONFIG_PROVIDERS_CONFIG, String.join(",", names));
        }
        names.stream()
                .filter(name -> !values.containsKey(classKey(name)))
                .forEach(name -> error(
                        AbstractConfig.CONFIG_PROVIDERS_CONFIG,
                        "names the provider '" + name + "' without a class: add " + classKey(name)));
        return names;
    }

    private static String classKey(String provider) {
        return AbstractConfig.CONFIG_PROVIDERS_CONFIG + "." + provider + ".class";
    }

    /** Names of the providers that a value refers to. */
    private static List<String> references(String value) {
        return ConfigTransformer.DEFAULT_PATTERN
                .matcher(value)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
