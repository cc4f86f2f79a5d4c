package dev.rebound.checkpoints;

import dev.rebound.checkpoints.Finding.Severity;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.util.TimeUtils;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** What the Kafka transactions of the sinks need from the checkpoints and from the brokers. */
enum TransactionRule implements SettingsRule {
    /**
     * A transaction is open for an interval, prepared for as long as the checkpoint takes, and then
     * waits for whoever restarts the job. Three times that leaves room for a failed attempt or two.
     */
    TIMEOUT_OUTLASTS_OUTAGE(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG) {
        @Override
        public Stream<Finding> check(CheckedSettings settings) {
            @Nullable Duration interval = settings.flink().get(CheckpointingOptions.CHECKPOINTING_INTERVAL);
            if (interval == null) {
                return Stream.empty();
            }
            Duration checkpointTimeout = settings.flink().get(CheckpointingOptions.CHECKPOINTING_TIMEOUT);
            Duration outage = settings.transactions().toleratedOutage();
            Duration least = interval.plus(checkpointTimeout).plus(outage).multipliedBy(3);
            Duration timeout = settings.transactions().transactionTimeout();
            if (timeout.compareTo(least) >= 0) {
                return Stream.empty();
            }
            String allowed = "at least %s, 3 x (checkpoint interval %s + checkpoint timeout %s + tolerated outage %s): "
                            .formatted(text(least), text(interval), text(checkpointTimeout), text(outage))
                    + "a transaction that times out before the restarted job commits it is lost data";
            return Stream.of(finding(Severity.ERROR, text(timeout), allowed, least.toMillis() + " (milliseconds)"));
        }
    },

    /** A longer timeout is refused by the broker when the sink opens, and the job never starts. */
    TIMEOUT_WITHIN_BROKER_MAXIMUM("transaction.max.timeout.ms") {
        @Override
        public Stream<Finding> check(CheckedSettings settings) {
            Duration timeout = settings.transactions().transactionTimeout();
            @Nullable Duration known = settings.brokerTransactionMaximum();
            Duration maximum = known == null ? KafkaTransactionSettings.BROKER_DEFAULT_MAXIMUM : known;
            if (timeout.compareTo(maximum) <= 0) {
                return Stream.empty();
            }
            String allowed = "at least the sinks' " + ProducerConfig.TRANSACTION_TIMEOUT_CONFIG + " of " + text(timeout)
                    + ": the broker refuses to open a longer transaction";
            String set = timeout.toMillis() + " on every broker";
            return Stream.of(
                    known == null
                            ? finding(Severity.WARNING, "unknown, by default " + text(maximum), allowed, set)
                            : finding(Severity.ERROR, text(maximum), allowed, set));
        }
    },

    /** On start, a sink aborts the open transactions of every id that begins with its prefix. */
    PREFIXES_APART("transactional id prefix") {
        @Override
        public Stream<Finding> check(CheckedSettings settings) {
            List<String> prefixes = settings.transactionalIdPrefixes();
            return IntStream.range(0, prefixes.size())
                    .boxed()
                    .flatMap(first -> IntStream.range(0, prefixes.size())
                            .filter(second -> first != second)
                            .filter(second -> prefixes.get(second).startsWith(prefixes.get(first)))
                            // The same prefix twice is one finding, not one in each direction.
                            .filter(second -> !prefixes.get(second).equals(prefixes.get(first)) || first < second)
                            .mapToObj(second -> finding(
                                    Severity.ERROR,
                                    "'" + prefixes.get(first) + "' beside '" + prefixes.get(second) + "'",
                                    "none the beginning of another: one sink would abort the transactions of the other",
                                    "<site>.<job>.<sink>. with a name of its own for each")));
        }
    };

    private final String key;

    TransactionRule(String key) {
        this.key = key;
    }

    @Override
    public String key() {
        return key;
    }

    Finding finding(Severity severity, String found, String allowed, String set) {
        return new Finding(name(), severity, key, found, allowed, set);
    }

    private static String text(Duration duration) {
        return TimeUtils.formatWithHighestUnit(duration);
    }
}
