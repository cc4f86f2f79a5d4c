package dev.rebound.operators.output;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits again, after a restore, what the restored checkpoint holds, and asks the broker when such a commit is refused.
 *
 * <p>Since KIP-890 (transaction.version 2) a commit ends with a higher producer epoch. The connector (5.0.0) resumes a
 * transaction with the epoch of its checkpoint and the older protocol, which cannot tell a repetition: the broker fences
 * it though the transaction was committed. Such a transaction is known by the same producer, the next epoch, and the
 * state of a commit; it is reported as committed already, everything else as failed.
 */
final class RepeatedCommits implements Committer<KafkaCommittable> {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatedCommits.class);

    private final Committer<KafkaCommittable> connector;
    private final Transactions transactions;

    /** What the broker knows of transactions. */
    interface Transactions extends AutoCloseable {
        TransactionDescription describe(String transactionalId) throws ExecutionException, InterruptedException;

        @Override
        void close();
    }

    RepeatedCommits(Committer<KafkaCommittable> connector, Transactions transactions) {
        this.connector = connector;
        this.transactions = transactions;
    }

    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests) throws IOException, InterruptedException {
        List<CommitRequest<KafkaCommittable>> verified = requests.stream()
                .<CommitRequest<KafkaCommittable>>map(Verified::new)
                .toList();
        connector.commit(verified);
    }

    @Override
    public void close() throws Exception {
        try (transactions) {
            connector.close();
        }
    }

    private boolean isCommitted(KafkaCommittable committable) {
        String id = committable.getTransactionalId();
        try {
            TransactionDescription transaction = transactions.describe(id);
            boolean committed = transaction.state() == TransactionState.COMPLETE_COMMIT
                    && transaction.producerId() == committable.getProducerId()
                    && transaction.producerEpoch() == committable.getEpoch() + 1;
            LOG.info("The commit of {} was refused; the broker says {}: committed = {}", id, transaction, committed);
            return committed;
        } catch (ExecutionException e) {
            LOG.error("The commit of {} was refused, and the broker does not say what became of it", id, e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A request that takes a refused commit for what it is. */
    private final class Verified implements CommitRequest<KafkaCommittable> {
        private final CommitRequest<KafkaCommittable> request;

        private Verified(CommitRequest<KafkaCommittable> request) {
            this.request = request;
        }

        @Override
        public KafkaCommittable getCommittable() {
            return request.getCommittable();
        }

        @Override
        public int getNumberOfRetries() {
            return request.getNumberOfRetries();
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            if (reason instanceof ProducerFencedException && isCommitted(request.getCommittable())) {
                request.signalAlreadyCommitted();
            } else {
                request.signalFailedWithKnownReason(reason);
            }
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            request.signalFailedWithUnknownReason(reason);
        }

        @Override
        public void retryLater() {
            request.retryLater();
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            request.updateAndRetryLater(committable);
        }

        @Override
        public void signalAlreadyCommitted() {
            request.signalAlreadyCommitted();
        }
    }
}
