package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.demo.Demo;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.reconcile.TopicReconciler.Verdict;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.terminal.CommandOutput;
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

    @Mixin
    private BorrowedStack borrowed;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        return borrowed.with(output, this::show);
    }

    private int show(LocalStack stack) {
        Verdict verdict = run(stack);
        verdict.findings().forEach(finding -> output.progress("WRONG: " + finding));
        if (borrowed.keep()) {
            output.progress("The stack and the job go on; take all of it down with: rebound stack down");
        }
        output.result(verdict.result(), out -> ReconciliationTable.print(verdict, out));
        return verdict.findings().isEmpty() ? 0 : 1;
    }

    private Verdict run(LocalStack stack) {
        EventSource events = source.open();
        long count = events.eventCount();
        SourceOptions.tellRejected(events, output);
        Demo demo = new Demo(stack, output);
        borrowed.owns(demo.topicPrefix()::equals);
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
            if (!borrowed.keep() && borrowed.endedBy().isEmpty()) {
                demo.cancel(jobId);
            }
        }
    }
}
