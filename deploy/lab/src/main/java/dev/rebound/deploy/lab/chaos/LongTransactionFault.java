package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.control.savepoint.StoredSavepoint;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.damage.Damage;
import dev.rebound.jobs.JobOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The tasks are away for longer than the broker keeps a transaction that a completed checkpoint relies on. What it held is
 * lost; that must be found, and a rollback to the savepoint before must write it again.
 *
 * <p>The moment between the completion of a checkpoint and its commit is held open: HDFS takes no blocks until all of the
 * checkpoint but its state is there, then Kafka dies and HDFS goes on.
 */
final class LongTransactionFault implements Fault {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** The broker looks for transactions to abort every 10 s. */
    private static final Duration OUTAGE = TIMEOUT.plusSeconds(12);

    private static final int FLUSH_MILLIS = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final List<String> findings = new ArrayList<>();
    private @Nullable StoredSavepoint before;
    private OptionalLong toldMillis = OptionalLong.empty();

    @Override
    public String name() {
        return "transaction-timeout";
    }

    @Override
    public String description() {
        return "the tasks are away for longer than the transaction timeout: the loss is found, and `rebound job rollback`"
                + " produces it again";
    }

    @Override
    public boolean takesLong() {
        return true;
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        findings.clear();
        toldMillis = OptionalLong.empty();
        StoredSavepoint savepoint = target.jobs().stop(target.jobId());
        before = savepoint;
        target.resume(
                savepoint.path().toString(), Map.of(JobOptions.TRANSACTION_TIMEOUT.key(), TIMEOUT.toMillis() + " ms"));
        target.awaitCompletion();

        target.willDamage(List.of(
                new Damage(Damage.Kind.FROZEN, "datanode"),
                new Damage(Damage.Kind.ENDED, "kafka"),
                new Damage(Damage.Kind.ENDED, "taskmanagers")));
        ManagedProcess dataNode = target.stack().running("datanode");
        try {
            dataNode.freeze();
            do {
                target.awaitBarrier();
                // Time for the sinks to flush and to begin anew: after that they need Kafka only to commit.
                Campaign.pause(FLUSH_MILLIS);
                // One that had all its files when HDFS was stopped completes, and its commit too.
            } while (!target.hasCheckpointUnderWay());
            // Killed, not frozen: what its sockets hold would be done when it goes on.
            target.stack().running("kafka").kill();
            dataNode.thaw();
            target.awaitCompletion();
            long struckMillis = System.currentTimeMillis();
            target.stack().taskManagers().forEach(ManagedProcess::kill);
            return struckMillis;
        } finally {
            dataNode.thaw();
            target.stack().start("kafka", ProgressListener.SILENT);
        }
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return OUTAGE.toMillis();
    }

    @Override
    public void heal(Target target) {
        target.awaitRunning();
        Target.await(
                "the failed commits are counted",
                () -> target.rest().metricSum(target.jobId(), "failedCommittables") > 0);
        toldMillis = OptionalLong.of(System.currentTimeMillis());
        target.load().stop();
        TopicReconciler.Verdict verdict = target.oracle().reconcile(PATIENCE);
        if (verdict.result().lost() == 0) {
            findings.add("transactions timed out, and no loss was found");
        }
        if (verdict.findings().stream().noneMatch(finding -> finding.contains("rebound job rollback"))) {
            findings.add("nobody was told how to produce again what was lost");
        }
        target.rollback(before);
        target.load().start();
    }

    @Override
    public OptionalLong toldMillis() {
        return toldMillis;
    }

    @Override
    public List<String> findings() {
        return List.copyOf(findings);
    }
}
