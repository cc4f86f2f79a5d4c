package dev.rebound.deploy.ops.topics;

import dev.rebound.deploy.ops.console.CommandFailedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/** Transactions that a job which has ended left open. They hold back every reader of committed records. */
public final class OpenTransactions {
    private OpenTransactions() {}

    /**
     * Aborts them, and fences whoever still writes in them.
     *
     * @param prefix of the transactional ids, of which no job that goes on may have any
     * @return their ids
     */
    public static List<String> abort(String bootstrapServers, String prefix) {
        ListTransactionsOptions open = new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            List<String> ids = admin.listTransactions(open).all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith(prefix))
                    .toList();
            if (!ids.isEmpty()) {
                admin.fenceProducers(ids).all().get();
            }
            return ids;
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Kafka at " + bootstrapServers + " did not abort the open transactions of " + prefix + "*: "
                            + e.getCause(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while aborting the transactions of " + prefix + "*", e);
        }
    }
}
