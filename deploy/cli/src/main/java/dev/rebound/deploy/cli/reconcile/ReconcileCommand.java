package dev.rebound.deploy.cli.reconcile;

import dev.rebound.deploy.lab.command.ReconciliationTable;
import dev.rebound.deploy.lab.reconcile.JobCondition;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.DurationConverter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound reconcile}. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Compares what went in with what came out: lost, duplicated, wrong. Exits with 1 if anything is.")
public final class ReconcileCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--job", paramLabel = "ID", description = "The job; may be left out if only one runs.")
    private @Nullable String jobId;

    @Option(
            names = "--group-id",
            defaultValue = "rebound",
            description = "The job's kafka.group-id (default: ${DEFAULT-VALUE}).")
    private String groupId;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            converter = DurationConverter.OrZero.class,
            defaultValue = "60s",
            description = "How long nothing may change before what is missing counts as lost (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration patience;

    @Option(
            names = "--pseudonym-key-file",
            paramLabel = "FILE",
            description =
                    "A copy of the job's privacy.pseudonym-key-file; needed if the job uses one that is not at the"
                            + " same path here.")
    private @Nullable String pseudonymKeyFile;

    @Option(
            names = "--after-rollback",
            description =
                    "Drop outputs that come again with the same id, as their readers do: after a rollback they come"
                            + " again on purpose.")
    private boolean afterRollback;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        FlinkRest flink = cluster.flink();
        TopicReconciler.Verdict verdict;
        try (TopicReconciler reconciler = new TopicReconciler(
                cluster.kafka(),
                cluster.topicPrefix(),
                groupId,
                flink,
                JobCondition.find(flink, jobId),
                patience,
                pseudonymKeyFile,
                afterRollback,
                output)) {
            verdict = reconciler.reconcile();
        }
        verdict.result().unchecked().forEach(each -> output.progress("NOT CHECKED: " + each));
        verdict.findings().forEach(finding -> output.progress("WRONG: " + finding));
        output.result(verdict.result(), out -> ReconciliationTable.print(verdict, out));
        return verdict.findings().isEmpty() ? 0 : 1;
    }
}
