package dev.rebound.deploy.ops.bench;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.model.ModelTraining;
import dev.rebound.deploy.ops.model.RegistryOptions;
import dev.rebound.deploy.ops.replay.SourceOptions;
import java.time.Instant;
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
final class PipelineCommand implements Callable<Integer> {
    static final String MODEL = "ranker";

    private static final long EVENTS = 1_500_000;
    private static final long HISTORY_EVENTS = 50_000;

    @Mixin
    private final SourceOptions source = new SourceOptions(EVENTS);

    @Mixin
    private BenchStack bench;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        return bench.with(output, stack -> {
            PipelineResult result = measure(stack);
            output.result(result, result::print);
        });
    }

    private PipelineResult measure(LocalStack stack) {
        EventSource events = source.open();
        EventSource history = source.shop()
                .<EventSource>map(shop -> shop.history(HISTORY_EVENTS))
                .orElse(events);
        String run = "bench-" + Instant.now().toEpochMilli();
        Path registry = RegistryOptions.of(stack);
        new ModelTraining(source.seed(), output).train(history, HISTORY_EVENTS, registry, MODEL, run);
        PipelineBench pipeline = new PipelineBench(stack, run + ".", events, registry, run, output);
        Figures passThrough = pipeline.measure(Contender.PASS_THROUGH);
        Figures rebound = pipeline.measure(Contender.REBOUND);
        Figures perRecord = pipeline.measure(Contender.PER_RECORD);
        return PipelineResult.of(events.eventCount(), passThrough, rebound, perRecord);
    }
}
