package dev.rebound.deploy.ops.demo;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.reconcile.ReconciliationTable;
import dev.rebound.deploy.ops.reconcile.TopicReconciler.Verdict;
import dev.rebound.deploy.ops.replay.SourceOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "All of it on this machine: stack up, first model, submit, replay, show, reconcile.",
            "Of a made-up shop, the model learns from the two weeks before those that are replayed; of a file, from its"
                    + " first part, which is replayed all the same. What the demo started it takes down at its end,"
                    + " unless told to keep it."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final long LEAST_HISTORY = 20_000;
    private static final long MOST_HISTORY = 100_000;

    @Mixin
    private SourceOptions source;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Records per second; 0 for as fast as possible (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--keep", description = "Leave the stack and the job running.")
    private boolean keep;

    @Option(names = "--free-ports", description = "Start the stack on whatever ports are free.")
    private boolean freePorts;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        LocalStack stack = freePorts ? ClusterOptions.localStackOnFreePorts() : ClusterOptions.localStack();
        boolean ranBefore =
                stack.status().stream().anyMatch(component -> component.pid().isPresent());
        try {
            stack.up(output.stackProgress());
            Verdict verdict = run(stack);
            verdict.findings().forEach(finding -> output.progress("WRONG: " + finding));
            if (keep) {
                output.progress("The stack and the job go on; take all of it down with: rebound stack down");
            }
            output.result(verdict.result(), out -> ReconciliationTable.print(verdict, out));
            return verdict.findings().isEmpty() ? 0 : 1;
        } finally {
            if (!keep && !ranBefore) {
                stack.down(output.stackProgress());
            }
        }
    }

    private Verdict run(LocalStack stack) {
        EventSource events = source.open();
        long count = events.eventCount();
        SourceOptions.tellRejected(events, output);
        Demo demo = new Demo(stack, output);
        demo.createTopics();
        demo.publishCatalog(events);
        long historyEvents = Math.max(LEAST_HISTORY, Math.min(MOST_HISTORY, count / 2));
        EventSource history = source.shop()
                .<EventSource>map(shop -> shop.history(historyEvents))
                .orElse(events);
        demo.trainAndPublish(history, historyEvents, source.seed());
        String jobId = demo.submit();
        try {
            demo.replay(events, rate, jobId);
            Verdict verdict = demo.reconcile(jobId);
            demo.showRecommendations();
            return verdict;
        } finally {
            if (!keep) {
                demo.cancel(jobId);
            }
        }
    }
}
