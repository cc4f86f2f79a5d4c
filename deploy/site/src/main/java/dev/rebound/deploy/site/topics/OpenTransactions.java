package dev.rebound.deploy.site.topics;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * Transactions that are open: of a job that runs, or left so by one that has ended. They hold back every reader of committed
 * records.
 */
public final class OpenTransactions {
    private OpenTransactions() {}

    /**
     * One that is open.
     *
     * @param begunAt by the clock of the broker that coordinates it
     * @param timeout that whoever writes in it has asked for
     * @param partitions that it writes to, as TOPIC-NUMBER
     */
    public record Open(String id, Instant begunAt, Duration timeout, List<String> partitions) {}

    /**
     * Those whose ids begin so.
     *
     * @throws CommandFailedException if this user may not see them
     */
    public static List<Open> of(Admin admin, String prefix) throws ExecutionException, InterruptedException {
        requireVisible(admin, prefix);
        List<Open> open = new ArrayList<>();
        for (Map.Entry<String, KafkaFuture<TransactionDescription>> each :
                described(admin, ids(admin, prefix)).entrySet()) {
            try {
                TransactionDescription transaction = each.getValue().get();
                // It may have ended since it was listed.
                if (transaction.state() == TransactionState.ONGOING
                        && transaction.transactionStartTimeMs().isPresent()) {
                    open.add(open(each.getKey(), transaction));
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
                    throw e;
                }
            }
        }
        return open;
    }

    private static Map<String, KafkaFuture<TransactionDescription>> described(Admin admin, List<String> ids) {
        DescribeTransactionsResult answers = admin.describeTransactions(ids);
        return ids.stream().collect(Collectors.toMap(Function.identity(), answers::description));
    }

    private static Open open(String id, TransactionDescription transaction) {
        return new Open(
                id,
                Instant.ofEpochMilli(transaction.transactionStartTimeMs().orElseThrow()),
                Duration.ofMillis(transaction.transactionTimeoutMs()),
                transaction.topicPartitions().stream()
                        .map(TopicPartition::toString)
                        .sorted()
                        .toList());
    }

    private static List<String> ids(Admin admin, String prefix) throws ExecutionException, InterruptedException {
        ListTransactionsOptions open = new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING));
        return admin.listTransactions(open).all().get().stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(prefix))
                .toList();
    }

    /**
     * Aborts them, and fences whoever still writes in them.
     *
     * @param prefix of the transactional ids, of which no job that goes on may have any
     * @return their ids
     */
    public static List<String> abort(KafkaCluster kafka, String prefix) {
        try (Admin admin = kafka.admin()) {
            requireVisible(admin, prefix);
            List<String> ids = ids(admin, prefix);
            if (!ids.isEmpty()) {
                admin.fenceProducers(ids).all().get();
            }
            return ids;
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Kafka at " + kafka + " did not abort the open transactions of " + prefix + "*: " + e.getCause(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while aborting the transactions of " + prefix + "*", e);
        }
    }

    /**
     * Whether this user may see and end transactions whose ids begin so.
     *
     * @throws CommandFailedException if not
     */
    public static void requireVisible(KafkaCluster kafka, String prefix) throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            requireVisible(admin, prefix);
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Kafka at " + kafka + " did not tell of the transactions of " + prefix + "*: " + e.getCause(), e);
        }
    }

    /** A list leaves out what this user may not see, without a word; a question for one is refused. */
    private static void requireVisible(Admin admin, String prefix) throws ExecutionException, InterruptedException {
        String one = prefix + "none";
        try {
            admin.describeTransactions(List.of(one)).description(one).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdAuthorizationException) {
                throw new CommandFailedException(
                        "This user may not see transactions whose ids begin with " + prefix + ", and so could not end"
                                + " those that a job has left open, which hold back every reader. Grant it WRITE on"
                                + " transactional ids of that prefix: docs/security.md",
                        e);
            }
            if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
                throw e;
            }
        }
    }
}
