package dev.rebound.operators.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepeatedCommitsTest {
    private static final long PRODUCER = 42;
    private static final short EPOCH = 3;

    private final Request request = new Request();

    @Test
    void aFencedCommitThatTheBrokerHoldsIsNoFailure() throws Exception {
        refuse(new ProducerFencedException("newer"), broker(TransactionState.COMPLETE_COMMIT, PRODUCER, EPOCH + 1));

        assertThat(request.signals).containsExactly("already committed");
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETE_ABORT, 42, 4", // the broker gave up
        "ONGOING, 42, 4", // somebody else writes under this id
        "EMPTY, 42, 5", // somebody took the id over
        "COMPLETE_COMMIT, 42, 5", // another transaction of the id
        "COMPLETE_COMMIT, 43, 4" // another producer's
    })
    void aFencedCommitOfAnythingElseIsAFailure(TransactionState state, long producer, int epoch) throws Exception {
        refuse(new ProducerFencedException("newer"), broker(state, producer, epoch));

        assertThat(request.signals).containsExactly("failed: ProducerFencedException");
    }

    @Test
    void whatTheBrokerDoesNotKnowIsAFailure() throws Exception {
        refuse(new ProducerFencedException("newer"), id -> {
            throw new ExecutionException(new TransactionalIdNotFoundException("gone"));
        });

        assertThat(request.signals).containsExactly("failed: ProducerFencedException");
    }

    @Test
    void anAbortedTransactionIsAFailureWhateverTheBrokerSays() throws Exception {
        refuse(new InvalidTxnStateException("aborted"), broker(TransactionState.COMPLETE_COMMIT, PRODUCER, EPOCH + 1));

        assertThat(request.signals).containsExactly("failed: InvalidTxnStateException");
    }

    private void refuse(Exception reason, Broker broker) throws Exception {
        Committer<KafkaCommittable> connector = new Committer<>() {
            @Override
            public void commit(Collection<CommitRequest<KafkaCommittable>> requests) {
                requests.forEach(each -> each.signalFailedWithKnownReason(reason));
            }

            @Override
            public void close() {}
        };
        try (RepeatedCommits committer = new RepeatedCommits(connector, broker)) {
            committer.commit(List.of(request));
        }
    }

    private interface Broker extends RepeatedCommits.Transactions {
        @Override
        default void close() {}
    }

    private static Broker broker(TransactionState state, long producer, int epoch) {
        return id -> new TransactionDescription(0, state, producer, epoch, 60_000, OptionalLong.empty(), Set.of());
    }

    /** Writes down what it is told. */
    private static final class Request implements Committer.CommitRequest<KafkaCommittable> {
        private final List<String> signals = new ArrayList<>();

        @Override
        public KafkaCommittable getCommittable() {
            return new KafkaCommittable(PRODUCER, EPOCH, "main.job.sink.-0-7", null);
        }

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            signals.add("failed: " + reason.getClass().getSimpleName());
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            signals.add("unknown");
        }

        @Override
        public void retryLater() {
            signals.add("retry");
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            signals.add("update");
        }

        @Override
        public void signalAlreadyCommitted() {
            signals.add("already committed");
        }
    }
}
