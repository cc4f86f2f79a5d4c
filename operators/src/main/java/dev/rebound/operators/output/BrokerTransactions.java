package dev.rebound.operators.output;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.jspecify.annotations.Nullable;

/** Asks the brokers about transactions; connects at the first question, which most runs never have. */
final class BrokerTransactions implements RepeatedCommits.Transactions {
    private final Properties client;
    private @Nullable Admin admin;

    BrokerTransactions(Properties client) {
        this.client = client;
    }

    @Override
    public TransactionDescription describe(String transactionalId) throws ExecutionException, InterruptedException {
        if (admin == null) {
            admin = Admin.create(client);
        }
        return admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get();
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close();
        }
    }
}
