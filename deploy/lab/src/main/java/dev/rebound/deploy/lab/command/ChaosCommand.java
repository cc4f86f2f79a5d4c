package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.control.health.HealthCheck;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.chaos.Campaign;
import dev.rebound.deploy.lab.chaos.CampaignReport;
import dev.rebound.deploy.lab.chaos.Fault;
import dev.rebound.deploy.lab.chaos.Faults;
import dev.rebound.deploy.lab.chaos.Load;
import dev.rebound.deploy.lab.chaos.RecoveryChart;
import dev.rebound.deploy.lab.chaos.Target;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.StackShape;
import dev.rebound.deploy.local.damage.DamageRecord;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
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
import java.util.function.Function;
import java.util.function.UnaryOperator;
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

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description = "Draw the time until requests are answered again after each fault, as a PNG.")
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

    @Mixin
    private BorrowedStack borrowed;

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
            output.result(described, out -> {
                described.forEach(d -> out.println(d.fault() + ": " + d.expected()));
                out.println("What befalls a whole site (its loss, a mirror that hangs, a primary that comes back, two"
                        + " take-overs at once, the way back) takes two sites: rebound dr drill --help");
            });
            return 0;
        }
        return borrowed.with(
                output, stack -> highlyAvailable ? stack.as(StackShape.HIGHLY_AVAILABLE) : stack, this::campaign);
    }

    private int campaign(LocalStack stack) {
        DamageRecord damage = DamageRecord.of(stack.layout());
        borrowed.undoes(damage);
        if (stack.isHighlyAvailable()) {
            damage.add(List.of(Target.HELD_WATCHDOG));
            stack.running(Target.HELD_WATCHDOG.to()).freeze();
        }
        return proveOracle ? prove(stack, damage) : survive(stack, damage);
    }

    private int survive(LocalStack stack, DamageRecord damage) {
        return run(stack, damage, Map.of(), IsolationLevel.READ_COMMITTED, PATIENCE, this::tell);
    }

    private int tell(CampaignReport report) {
        output.result(report, out -> {
            Table.print(out, report.table());
            report.summary().forEach(out::println);
        });
        if (chart != null && !report.faults().isEmpty()) {
            RecoveryChart.write(chart, report);
        }
        return report.isRight() ? 0 : 1;
    }

    /** An oracle that never finds anything proves nothing: it must find what these two do wrong. */
    private int prove(LocalStack stack, DamageRecord damage) {
        CampaignReport sink = run(
                stack,
                damage,
                Map.of(JobOptions.DELIVERY_GUARANTEE.key(), DeliveryGuarantee.AT_LEAST_ONCE.toString()),
                IsolationLevel.READ_COMMITTED,
                PROOF_PATIENCE,
                UnaryOperator.identity());
        CampaignReport reader =
                run(stack, damage, Map.of(), IsolationLevel.READ_UNCOMMITTED, PROOF_PATIENCE, UnaryOperator.identity());
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

    /** @param use of the report, before all is closed: that waits for servers, and may fail */
    private <T> T run(
            LocalStack stack,
            DamageRecord damage,
            Map<String, String> jobOptions,
            IsolationLevel isolation,
            Duration patience,
            Function<CampaignReport, T> use) {
        String run = "chaos-" + Instant.now().toEpochMilli();
        List<Fault> chosen = chosen(stack, run);
        String prefix = run + ".";
        borrowed.owns(prefix::equals);
        KafkaTopics.create(stack.kafka(), TopicSettings.ofOneBroker(prefix));
        ShopGenerator shop = ShopGenerator.of(seed, EVENTS);
        org.apache.flink.core.fs.Path registry = stack.files().registry();
        new ModelTraining(seed, output).train(shop.history(HISTORY_EVENTS), HISTORY_EVENTS, registry, MODEL, run);
        new ModelReleases(stack.kafka(), prefix, stack.epoch()).publish(registry, MODEL, run, "chaos");
        publishCatalog(stack, prefix, shop);
        try (Stream<FeedRecord> feed = shop.feed();
                Load load = new Load(stack.kafka(), prefix, feed.iterator(), rate);
                Target target =
                        new Target(stack, prefix, registry, run, load, damage, jobOptions, isolation, patience);
                Campaign campaign =
                        new Campaign(target, chosen, seed, diagnose ? HealthCheck.of(stack, prefix) : null, output)) {
            T used = use.apply(campaign.run(faults, seed, borrowed::endedBy));
            if (borrowed.endedBy().isEmpty()) {
                // The load waits for a broker that a fault may have stopped.
                target.undoDamage();
            }
            return used;
        }
    }

    private static void publishCatalog(LocalStack stack, String prefix, ShopGenerator shop) {
        try (FeedSender sender = new FeedSender(stack.kafka(), prefix);
                Stream<CatalogItem> catalog = shop.catalog()) {
            sender.send(catalog.map(new FeedEncoder()::item).iterator(), 0, sent -> {});
        }
    }
}
