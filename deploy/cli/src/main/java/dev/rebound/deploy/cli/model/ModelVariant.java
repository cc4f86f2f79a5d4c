package dev.rebound.deploy.cli.model;

import ai.djl.engine.Engine;
import dev.rebound.deploy.lab.command.SourceOptions;
import dev.rebound.deploy.lab.evaluation.VariantComparison;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.lab.training.VariantKind;
import dev.rebound.deploy.lab.training.VariantWorkshop;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.release.PackageImport;
import dev.rebound.operators.release.PackageRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound model variant}. */
@Command(
        name = "variant",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a cheaper form of a version, or takes one that was made in PyTorch, and compares the two on the newest"
                    + " moments of some events: order, golden scores, speed, size.",
            "It comes into the registry, as a version of its own, only if it stays within the tolerances."
        })
final class ModelVariant implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "The version in the registry that it is a variant of.")
    private String parent;

    @Option(
            names = "--kind",
            required = true,
            description =
                    "distilled: a smaller model, trained here on the version's scores. int8 (for the CPU) or half (for a"
                            + " GPU): made by deploy/pytorch/make_model.py, and given by --from.")
    private String kind;

    @Option(names = "--from", paramLabel = "DIR", description = "Package of an int8 or half variant.")
    private java.nio.file.@Nullable Path from;

    @Option(names = "--model-version", paramLabel = "VERSION", required = true, description = "Version of the variant.")
    private String version;

    @Option(
            names = "--model",
            defaultValue = RegistryOptions.DEFAULT_MODEL,
            description = "Name of the model (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(
            names = "--tolerance",
            paramLabel = "X",
            defaultValue = "0.01",
            description = "How much NDCG@10 it may lose (default: ${DEFAULT-VALUE}).")
    private double tolerance;

    @Option(
            names = "--golden-tolerance",
            paramLabel = "X",
            defaultValue = "0.1",
            description =
                    "How far its scores of the original's golden inputs may be from the golden ones, at most (default:"
                            + " ${DEFAULT-VALUE}).")
    private double goldenTolerance;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu (default: ${DEFAULT-VALUE}).")
    private String device;

    @Mixin
    private SourceOptions source;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private CommandOutput output;

    /**
     * What came out.
     *
     * @param packageUri of the variant; null if it was not taken
     * @param originalBytes of the original's weights
     */
    record Result(
            String model,
            String version,
            String parentVersion,
            String kind,
            @Nullable String packageUri,
            VariantComparison comparison,
            long originalBytes,
            long variantBytes) {}

    @Override
    public Integer call() {
        VariantKind wanted = VariantKind.parse(kind);
        if ((wanted == VariantKind.DISTILLED) != (from == null)) {
            throw new CommandFailedException(
                    from == null
                            ? "--kind " + kind
                                    + " needs --from: PyTorch makes it, see deploy/pytorch/make_model.py --help"
                            : "--kind distilled trains here and takes no --from");
        }
        // One thread an operation, as in a job: times would not be those of serving otherwise.
        Engine engine = PyTorchEngine.forServing();
        if (wanted == VariantKind.HALF && DeviceChoice.parse(device) != DeviceChoice.CPU && engine.getGpuCount() == 0) {
            throw new CommandFailedException(
                    "--kind half pays on a GPU, and PyTorch sees none here: a CPU computes in half"
                            + " precision many times slower. Compare it where the jobs run, or here all the same with --device cpu");
        }
        EventSource events = source.open();
        ModelTraining training = new ModelTraining(source.seed(), output);
        try (VariantWorkshop workshop = workshop(training, events)) {
            SourceOptions.tellRejected(events, output);
            PackageImport made = from == null ? workshop.distil(version) : read(from);
            PackageImport.Checked checked = workshop.check(made, wanted, version);
            VariantComparison comparison = workshop.compare(checked);
            boolean taken = comparison.within(tolerance, goldenTolerance);
            tell(new Result(
                    model,
                    version,
                    parent,
                    wanted.label(),
                    taken ? workshop.write(checked).toString() : null,
                    comparison,
                    workshop.parentBytes(),
                    VariantWorkshop.bytes(checked)));
            return taken ? 0 : 1;
        } catch (IOException e) {
            throw new CommandFailedException("The variant's temporary files cannot be kept or removed: " + e, e);
        }
    }

    private VariantWorkshop workshop(ModelTraining training, EventSource events) throws IOException {
        Path bench = new Path(Files.createTempDirectory("rebound-variant-").toUri());
        return new VariantWorkshop(
                registry.registry(), bench, model, parent, training, events, DeviceChoice.parse(device));
    }

    private static PackageImport read(java.nio.file.Path folder) {
        try {
            return PackageImport.folder(new Path(folder.toAbsolutePath().toUri()));
        } catch (IOException | PackageRefusedException e) {
            throw new CommandFailedException(folder + " is no package: " + e.getMessage(), e);
        }
    }

    private void tell(Result result) {
        VariantComparison both = result.comparison();
        output.result(result, out -> {
            Table.print(
                    out,
                    List.of(
                            List.of("", "NDCG@10", "batch of 64, median", "p99", "weights"),
                            row(parent, both.original(), result.originalBytes()),
                            row(version, both.variant(), result.variantBytes())));
            out.printf(
                    "On %d moments: %.1f %% of the original's ten best are among the variant's; its golden scores differ by"
                            + " at most %.4f.%n",
                    both.moments(), 100 * both.topOverlap(), both.goldenDifference());
            out.println(
                    result.packageUri() != null
                            ? "It is in the registry; release it with: rebound model publish " + version
                                    + " --stage canary --percent 10"
                            : String.format(
                                    "NOT TAKEN: NDCG@10 may fall by %s, golden scores differ by %s.",
                                    tolerance, goldenTolerance));
        });
    }

    private static List<String> row(String name, VariantComparison.Figures figures, long bytes) {
        return List.of(
                name,
                String.format("%.4f", figures.ndcg()),
                String.format("%.2f ms", figures.medianMillis()),
                String.format("%.2f ms", figures.p99Millis()),
                String.format("%,d bytes", bytes));
    }
}
