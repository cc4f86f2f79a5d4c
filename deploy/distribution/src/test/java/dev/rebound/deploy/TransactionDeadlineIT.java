package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * HDFS takes no state for longer than Kafka keeps a transaction, while events flow. Barriers pass and the sinks hand over
 * what they wrote, but none of these checkpoints completes.
 */
@LongTest
class TransactionDeadlineIT {
    private static final int EVENTS_PER_SECOND = 60;
    private static final String VERSION = "1";

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    /** The broker looks for transactions to abort every 10 s: by then it has given up all that the first failures left. */
    private static final Duration OUTAGE = TIMEOUT.multipliedBy(3);

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack();

    private final LocalStack stack = RUNNING.stack();

    @Test
    void nothingIsLostWhileCheckpointsFailForLongerThanTheBrokerKeepsATransaction() throws IOException {
        try (ShopUnderLoad shop = shop()) {
            shop.flow(EVENTS_PER_SECOND);
            shop.awaitCheckpoint();

            // The NameNode stays: without it no checkpoint would begin, and the sinks would hand nothing over.
            stack.running("datanode").kill();
            shop.awaitFailedCheckpoint(System.currentTimeMillis() + OUTAGE.toMillis());
            stack.start("datanode", ProgressListener.SILENT);
            shop.awaitCheckpoint();

            TopicReconciler.Verdict verdict = shop.drain();
            System.out.println("reconciled: " + verdict.result() + ", the job failed by " + shop.failures());
            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.result().lost()).isZero();
            assertThat(verdict.result().duplicated()).isZero();
            assertThat(shop.failures()).anyMatch(cause -> cause.contains("No checkpoint has completed for"));
        }
    }

    private ShopUnderLoad shop() throws IOException {
        new TestPackages(stack.files().registry(), ShopUnderLoad.MODEL).writeGood(VERSION);
        return new ShopUnderLoad(
                stack, "deadline.", VERSION, Map.of("kafka.transaction-timeout", TIMEOUT.toSeconds() + " s"));
    }
}
