package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.local.KafkaTopics;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.StackShape;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.events.FeedEncoder;
import dev.rebound.deploy.ops.events.FeedRecord;
import dev.rebound.deploy.ops.health.HealthCheck;
import dev.rebound.deploy.ops.model.ModelReleases;
import dev.rebound.deploy.ops.model.ModelTraining;
import dev.rebound.deploy.ops.model.RegistryOptions;
import dev.rebound.deploy.ops.replay.FeedSender;
import dev.rebound.deploy.ops.shop.ShopGenerator;
import dev.rebound.jobs.JobOptions;
import dev.rebound.schemas.CatalogItem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rebound chaos}. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Injects faults into the running stack under load, one after the other, and counts what was lost or doubled.",
            "Topics, model and job are its own. Exits with 1 if anything is wrong."
        })
public final class ChaosCommand implements Callable<Integer> {
    private static final String MODEL = "ranker";
    private static final long HISTORY_EVENTS = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Less, where something is to be wrong each time. */
    private static final Duration PROOF_PATIENCE = Duration.ofSeconds(15);
    /** Of the shop; a campaign ends long before it has sent them. */
    private static final long EVENTS = 5_000_000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the order and moments of the faults.")
    private long seed;

    @Option(
            names = "--faults",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many are injected (default: ${DEFAULT-VALUE}).")
    private int faults;

    @Option(
            names = "--only",
            paramLabel = "FAULT",
            split = ",",
            description = "Draw from these alone; by default from all. See --list.")
    private List<String> only = List.of();

    @Option(names = "--list", description = "Print the faults and what is expected of each, and do nothing.")
    private boolean list;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "400",
            description = "Records per second under which the job is (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--chart", paramLabel = "FILE", description = "Draw the time to recover from each fault, as a PNG.")
    private @Nullable Path chart;

    @Option(
            names = "--prove-oracle",
            description =
                    "Show instead that the comparison can fail: with sinks that are at least once, and with a reader"
                            + " that does not wait for commits, it must find duplicates.")
    private boolean proveOracle;

    @Option(
            names = "--diagnose",
            description =
                    "Ask the doctor while each fault lasts: it must name that cause and no other. A fault then lasts until"
                            + " it is named, so that times to recover are longer.")
    private boolean diagnose;

    @Option(
            names = "--ha",
            description =
                    "On a stack with a second JobManager and ZooKeeper, and their faults among the others; else as the stack"
                            + " was the last time.")
    private boolean highlyAvailable;

    @Option(names = "--free-ports", description = "Start the stack on whatever ports are free.")
    private boolean freePorts;

    @Option(names = "--keep", description = "Leave the stack running.")
    private boolean keep;

    @Mixin
    private CommandOutput output;

    /**
     * How many duplicates the oracle found where there must be some.
     *
     * @param ofSink of a job whose sinks are at least once
     * @param ofReader with a reader that sees what was never committed
     */
    private record OracleProof(long ofSink, long ofReader) {
        boolean holds() {
            return ofSink > 0 && ofReader > 0;
        }

        void print(PrintWriter out) {
            out.println("sinks at least once: " + ofSink + " duplicates found");
            out.println("reader uncommitted: " + ofReader + " duplicates found");
            out.println(
                    holds()
                            ? "The oracle can fail."
                            : "THE ORACLE DID NOT FIND WHAT IT MUST; try more --faults, which fall at other moments.");
        }
    }

    /** A fault and what is expected, for people and machines. */
    private record Described(String fault, String expected) {}

    @Override
    public Integer call() {
        if (list) {
            List<Described> described = Faults.all(MODEL, "any").stream()
                    .map(fault -> new Described(fault.name(), fault.description()))
                    .toList();
            output.result(described, out -> described.forEach(d -> out.println(d.fault() + ": " + d.expected())));
            return 0;
        }
        LocalStack found = freePorts ? ClusterOptions.localStackOnFreePorts() : ClusterOptions.localStack();
        LocalStack stack = highlyAvailable ? found.as(StackShape.HIGHLY_AVAILABLE) : found;
        boolean ranBefore =
                stack.status().stream().anyMatch(component -> component.pid().isPresent());
        try {
            stack.up(output.stackProgress());
            return withoutWatchdog(stack, proveOracle ? this::prove : this::survive);
        } finally {
            if (!keep && !ranBefore) {
                stack.down(output.stackProgress());
            }
        }
    }

    /** What is killed stays dead for as long as its fault lasts. */
    private static int withoutWatchdog(LocalStack stack, ToIntFunction<LocalStack> campaign) {
        if (!stack.isHighlyAvailable()) {
            return campaign.applyAsInt(stack);
        }
        ManagedProcess watchdog = stack.running("watchdog");
        // Also where the campaign is broken off by Ctrl-C: nobody would look after the stack any more.
        Thread thaw = new Thread(watchdog::thaw, "thaw-watchdog");
        Runtime.getRuntime().addShutdownHook(thaw);
        watchdog.freeze();
        try {
            return campaign.applyAsInt(stack);
        } finally {
            watchdog.thaw();
            Runtime.getRuntime().removeShutdownHook(thaw);
        }
    }

    private int survive(LocalStack stack) {
        CampaignReport report = run(stack, Map.of(), IsolationLevel.READ_COMMITTED, PATIENCE);
        if (chart != null) {
            RecoveryChart.write(chart, report);
        }
        output.result(report, report::print);
        return report.isRight() ? 0 : 1;
    }

    /** An oracle that never finds anything proves nothing: it must find what these two do wrong. */
    private int prove(LocalStack stack) {
        CampaignReport sink = run(
                stack,
                Map.of(JobOptions.DELIVERY_GUARANTEE.key(), DeliveryGuarantee.AT_LEAST_ONCE.toString()),
                IsolationLevel.READ_COMMITTED,
                PROOF_PATIENCE);
        CampaignReport reader = run(stack, Map.of(), IsolationLevel.READ_UNCOMMITTED, PROOF_PATIENCE);
        OracleProof proof = new OracleProof(sink.duplicated(), reader.duplicated());
        output.result(proof, proof::print);
        return proof.holds() ? 0 : 1;
    }

    private List<Fault> chosen(LocalStack stack, String version) {
        List<Fault> all = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Fault fault : Faults.all(MODEL, version)) {
            names.add(fault.name());
            fault.impossible(stack)
                    .ifPresentOrElse(
                            why -> output.progress("without " + fault.name() + ": " + why), () -> all.add(fault));
        }
        for (String name : only) {
            if (!names.contains(name)) {
                throw new CommandFailedException("There is no fault " + name + "; --only takes some of " + names);
            }
        }
        List<Fault> chosen = only.isEmpty()
                ? all
                : all.stream().filter(fault -> only.contains(fault.name())).toList();
        if (chosen.isEmpty()) {
            throw new CommandFailedException("None of " + only + " can be injected here");
        }
        return chosen;
    }

    private CampaignReport run(
            LocalStack stack, Map<String, String> jobOptions, IsolationLevel isolation, Duration patience) {
        String run = "chaos-" + Instant.now().toEpochMilli();
        List<Fault> chosen = chosen(stack, run);
        String prefix = run + ".";
        KafkaTopics.create(stack.bootstrapServers(), prefix);
        ShopGenerator shop = ShopGenerator.of(seed, EVENTS);
        org.apache.flink.core.fs.Path registry = RegistryOptions.of(stack);
        new ModelTraining(seed, output).train(shop.history(HISTORY_EVENTS), HISTORY_EVENTS, registry, MODEL, run);
        new ModelReleases(stack.bootstrapServers(), prefix).publish(registry, MODEL, run, "chaos");
        publishCatalog(stack, prefix, shop);
        try (Stream<FeedRecord> feed = shop.feed();
                Load load = new Load(stack.bootstrapServers(), prefix, feed.iterator(), rate);
                Target target = new Target(stack, prefix, registry, load, jobOptions, isolation, patience);
                Campaign campaign =
                        new Campaign(target, chosen, seed, diagnose ? HealthCheck.of(stack, prefix) : null, output)) {
            return campaign.run(faults, seed);
        }
    }

    private static void publishCatalog(LocalStack stack, String prefix, ShopGenerator shop) {
        try (FeedSender sender = new FeedSender(stack.bootstrapServers(), prefix);
                Stream<CatalogItem> catalog = shop.catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
    }
}
