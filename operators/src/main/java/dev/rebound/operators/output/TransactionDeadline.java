package dev.rebound.operators.output;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.Preconditions;

/**
 * Fails the job before the brokers abort the transactions of its sinks. Records pass as they are.
 *
 * <p>A transaction that no completed checkpoint has committed is aborted by the brokers after its timeout. The next
 * checkpoint that completes would go past its records, and they would be lost. A job that fails before begins again from its
 * last completed checkpoint, and makes these records once more: by then, or whenever its state can be read again.
 */
public final class TransactionDeadline extends AbstractStreamOperator<OutputRecord>
        implements OneInputStreamOperator<OutputRecord, OutputRecord> {
    private static final long serialVersionUID = 1L;

    /** Of the timeout, what is left for the job to fail and for its transactions to be begun later than it thinks. */
    private static final int MARGIN = 5;

    private static final int LOOKS = 50;

    private final Duration timeout;
    private transient Map<Long, Long> barriers;
    /** Of the oldest transaction that is not committed. */
    private transient long begunAt;

    /** @param timeout after which the brokers abort a transaction */
    public TransactionDeadline(Duration timeout) {
        Preconditions.checkArgument(timeout.toMillis() >= LOOKS, "a transaction timeout of %s is too short", timeout);
        this.timeout = timeout;
    }

    @Override
    public void open() throws Exception {
        super.open();
        barriers = new TreeMap<>();
        begunAt = now();
        lookLater();
    }

    private void lookLater() {
        var unused = getProcessingTimeService().registerTimer(now() + timeout.toMillis() / LOOKS, at -> {
            requireTime();
            lookLater();
        });
    }

    private void requireTime() {
        long open = now() - begunAt;
        if (open > timeout.toMillis() - timeout.toMillis() / MARGIN) {
            throw new FlinkRuntimeException("No checkpoint has completed for " + open / 1_000
                    + " s, and the brokers abort transactions after " + timeout.toSeconds()
                    + " s (kafka.transaction-timeout): outputs would be lost. The job begins again from its last"
                    + " checkpoint and makes them once more. See why checkpoints fail with: rebound doctor");
        }
    }

    @Override
    public void processElement(StreamRecord<OutputRecord> element) {
        output.collect(element);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        barriers.put(context.getCheckpointId(), now());
    }

    /** What was written before its barrier is committed; what was written since is in transactions that began with it. */
    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        Long barrier = barriers.get(checkpointId);
        if (barrier != null) {
            begunAt = Math.max(begunAt, barrier);
            barriers.keySet().removeIf(id -> id <= checkpointId);
        }
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }
}
