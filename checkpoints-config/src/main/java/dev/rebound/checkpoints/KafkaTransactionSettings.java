package dev.rebound.checkpoints;

import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How the sinks of a site write to Kafka in transactions, and how their output is read.
 *
 * <p>The transaction timeout is a trade. Too short, and the broker aborts a transaction that a
 * completed checkpoint relies on before the restarted job commits it: lost data. Too long, and the
 * transaction of a job that never returns holds back every {@code read_committed} reader of its
 * partitions for that time. {@link SettingsChecker} holds the lower limit, the broker the upper one.
 *
 * @param site name of the site, part of every transactional id
 * @param transactionTimeout how long the broker keeps a transaction that nobody commits
 * @param toleratedOutage how long Flink, Kafka or HDFS may be away without loss
 */
public record KafkaTransactionSettings(String site, Duration transactionTimeout, Duration toleratedOutage) {
    /** What a broker allows when its {@code transaction.max.timeout.ms} was never set. */
    public static final Duration BROKER_DEFAULT_MAXIMUM = Duration.ofMinutes(15);

    // No dot, which separates the parts of a prefix: so no prefix can be the beginning of another.
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

    public KafkaTransactionSettings {
        requireName("site", site);
        requirePositive("transactionTimeout", transactionTimeout);
        requirePositive("toleratedOutage", toleratedOutage);
    }

    /**
     * Outlasts an outage of ten minutes with the checkpoint settings of either environment. The brokers
     * need {@code transaction.max.timeout.ms} of at least as much: their own default is 15 minutes.
     */
    public static KafkaTransactionSettings forSite(String site) {
        return new KafkaTransactionSettings(site, Duration.ofMinutes(55), Duration.ofMinutes(10));
    }

    /**
     * The transactional id prefix of one sink, {@code <site>.<job>.<sink>.}: unique in a TaskManager,
     * and never the beginning of another, so that no sink aborts the transactions of a second one.
     *
     * @throws IllegalArgumentException if a part has other characters than a-z, 0-9 and the hyphen
     */
    public String prefix(String job, String sink) {
        requireName("job", job);
        requireName("sink", sink);
        return site + "." + job + "." + sink + ".";
    }

    /** Producer properties of a sink that delivers exactly once. */
    public Properties exactlyOnceProducer() {
        Properties properties = producer();
        properties.setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(transactionTimeout.toMillis()));
        // Readers wait for the checkpoint anyway: lingering costs them nothing and fills the batches.
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "50");
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(256 * 1024));
        return properties;
    }

    /** Producer properties of a sink that delivers at least once, for answers that somebody waits for. */
    public Properties atLeastOnceProducer() {
        Properties properties = producer();
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "2");
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(64 * 1024));
        return properties;
    }

    /** Consumer properties of whoever reads an exactly-once topic: committed records only. */
    public Properties readCommittedConsumer() {
        Properties properties = new Properties();
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // Positions belong to whoever keeps the results; a group offset may run ahead of them.
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        // A position that the broker no longer has is an error to be seen, not a silent jump.
        properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return properties;
    }

    private Properties producer() {
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "5");
        properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // A broker that is away for a tolerated outage is bridged by retries, not by a restart of the job.
        properties.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(toleratedOutage.toMillis()));
        properties.setProperty(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "30000");
        return properties;
    }

    private static void requireName(String part, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException("The " + part + " of a transactional id is '" + value
                    + "', allowed are a-z, 0-9 and the hyphen; rename it, such as 'site-a'");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is a duration above zero");
        }
    }
}
