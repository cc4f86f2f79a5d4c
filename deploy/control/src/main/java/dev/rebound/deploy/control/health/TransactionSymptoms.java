package dev.rebound.deploy.control.health;

import java.time.Duration;

/** What is wrong with the transactions of jobs, and with those who wait for them. */
final class TransactionSymptoms {
    private static final int NAMED_PARTITIONS = 3;

    private TransactionSymptoms() {}

    static void find(Observation seen, Thresholds thresholds, Findings findings) {
        Observation.Transaction oldest =
                seen.transactions().get().map(Observation.Transactions::oldest).orElse(null);
        Duration limit = thresholds.readersHeld();
        seen.readers()
                .get()
                .ifPresent(topics -> topics.stream()
                        .filter(readers -> readers.held().compareTo(limit) > 0)
                        .forEach(readers -> findings.add(
                                Condition.READERS_HELD_BACK,
                                readers.topic(),
                                "its last stable offset has stood for "
                                        + readers.held().toSeconds() + " s, and "
                                        + readers.records() + " records wait behind it"
                                        + (oldest == null ? "" : "; the oldest open transaction: " + text(oldest)))));
        if (oldest != null && oldest.shareOfTimeout() > thresholds.limits().transactionShare()) {
            findings.add(Condition.TRANSACTION_OPEN_LONG, oldest.id(), open(oldest));
        }
    }

    private static String open(Observation.Transaction transaction) {
        return text(transaction)
                + (transaction.shareOfTimeout() > 1
                        ? ": the brokers should have ended it, see kafka-transactions.sh find-hanging"
                        : "");
    }

    private static String text(Observation.Transaction transaction) {
        int partitions = transaction.partitions().size();
        return transaction.id() + " is open for " + transaction.age().toSeconds() + " s of the "
                + transaction.timeout().toSeconds() + " s that its job allows, and writes to "
                + String.join(", ", transaction.partitions().subList(0, Math.min(NAMED_PARTITIONS, partitions)))
                + (partitions > NAMED_PARTITIONS ? " and " + (partitions - NAMED_PARTITIONS) + " more" : "");
    }
}
