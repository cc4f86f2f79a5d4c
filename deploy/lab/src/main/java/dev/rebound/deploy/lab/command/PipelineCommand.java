package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.bench.Contender;
import dev.rebound.deploy.lab.bench.Figures;
import dev.rebound.deploy.lab.bench.PipelineBench;
import dev.rebound.deploy.lab.bench.PipelineResult;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.core.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound bench pipeline}. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the job with a bare pass-through, and with itself scoring one user at a time.",
            "Each job's speed is that over the second half of the events: the first half warms it up, which takes the"
                    + " compiler of the Java machine half a million events and more."
        })
public final class PipelineCommand implements Callable<Integer> {
    private static final long EVENTS = 1_500_000;
    private static final long HISTORY_EVENTS = 50_000;

    @Mixin
    private final SourceOptions source = new SourceOptions(EVENTS);

    @Mixin
    private BorrowedStack borrowed;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        return borrowed.with(output, stack -> {
            PipelineResult result = measure(stack);
            output.result(result, out -> print(out, result));
            return 0;
        });
    }

    private PipelineResult measure(LocalStack stack) {
        EventSource events = source.open();
        EventSource history = source.shop()
                .<EventSource>map(shop -> shop.history(HISTORY_EVENTS))
                .orElse(events);
        String run = "bench-" + Instant.now().toEpochMilli();
        borrowed.owns(prefix -> prefix.startsWith(run + "."));
        Path registry = stack.files().registry();
        new ModelTraining(source.seed(), output).train(history, HISTORY_EVENTS, registry, PipelineBench.MODEL, run);
        PipelineBench pipeline = new PipelineBench(stack, run + ".", events, registry, run, output);
        Figures passThrough = pipeline.measure(Contender.PASS_THROUGH);
        Figures rebound = pipeline.measure(Contender.REBOUND);
        Figures perRecord = pipeline.measure(Contender.PER_RECORD);
        return PipelineResult.of(events.eventCount(), passThrough, rebound, perRecord);
    }

    private static void print(PrintWriter out, PipelineResult result) {
        Table.print(
                out,
                List.of(
                        List.of("job", "events/s", "users scored/s", "p50 ms", "p99 ms", "at events/s"),
                        row("pass-through", result.passThrough()),
                        row("rebound", result.rebound()),
                        row("per record", result.perRecord())));
        out.printf(
                "rebound is %.2f of the pass-through in events/s, and %.1f times the plain predictor in users scored/s%n",
                result.ratioToPassThrough(), result.ratioToPerRecord());
    }

    private static List<String> row(String name, Figures figures) {
        return List.of(
                name,
                String.format("%,.0f", figures.eventsPerSecond()),
                String.format("%,.0f", figures.usersScoredPerSecond()),
                String.format("%,.0f", figures.latencyP50Millis()),
                String.format("%,.0f", figures.latencyP99Millis()),
                String.format("%,.0f", figures.latencyRate()));
    }
}
