package dev.rebound.checkpoints;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * All that the rules look at. Start with {@link #of} and add the facts that are known; a rule whose
 * facts are unknown finds nothing.
 *
 * @param brokerTransactionMaximum the brokers' {@code transaction.max.timeout.ms}, null if unknown
 * @param transactionalIdPrefixes the prefix of every sink that shares the brokers
 * @param operatorsWithoutUid names of the job's operators that have no uid
 * @param javaVersion feature version of the JVM that Flink runs in, such as 17
 */
public record CheckedSettings(
        Environment environment,
        Configuration flink,
        KafkaTransactionSettings transactions,
        @Nullable Duration brokerTransactionMaximum,
        List<String> transactionalIdPrefixes,
        List<String> operatorsWithoutUid,
        int javaVersion) {

    public CheckedSettings {
        transactionalIdPrefixes = List.copyOf(transactionalIdPrefixes);
        operatorsWithoutUid = List.copyOf(operatorsWithoutUid);
    }

    /** Settings of which neither the brokers nor the job are known yet; Java is that of this JVM. */
    public static CheckedSettings of(
            Environment environment, Configuration flink, KafkaTransactionSettings transactions) {
        return new CheckedSettings(
                environment,
                flink,
                transactions,
                null,
                List.of(),
                List.of(),
                Runtime.version().feature());
    }

    /** The same, knowing what the brokers allow. */
    public CheckedSettings withBrokerTransactionMaximum(Duration maximum) {
        return new CheckedSettings(
                environment, flink, transactions, maximum, transactionalIdPrefixes, operatorsWithoutUid, javaVersion);
    }

    /** The same, knowing the prefixes of all sinks on the brokers. */
    public CheckedSettings withTransactionalIdPrefixes(List<String> prefixes) {
        return new CheckedSettings(
                environment, flink, transactions, brokerTransactionMaximum, prefixes, operatorsWithoutUid, javaVersion);
    }

    /** The same, knowing which operators of the job have no uid. */
    public CheckedSettings withOperatorsWithoutUid(List<String> operators) {
        return new CheckedSettings(
                environment,
                flink,
                transactions,
                brokerTransactionMaximum,
                transactionalIdPrefixes,
                operators,
                javaVersion);
    }

    /** The same, for a Flink that runs in another JVM than this one. */
    public CheckedSettings withJavaVersion(int featureVersion) {
        return new CheckedSettings(
                environment,
                flink,
                transactions,
                brokerTransactionMaximum,
                transactionalIdPrefixes,
                operatorsWithoutUid,
                featureVersion);
    }

    boolean inProduction() {
        return environment == Environment.PRODUCTION;
    }
}
