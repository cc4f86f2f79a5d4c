package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rebound.deploy.control.dr.RecoveryPoint;
import dev.rebound.deploy.control.mirror.MirrorPositions;
import dev.rebound.deploy.lab.drill.DrillReport.Step;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.jobs.JobOptions;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * The primary dies whole, under load, and the standby takes over by the operator's command. Then the standby's outputs are
 * compared with all inputs that it has, and its inputs with those of the primary, whose brokers are started again for it.
 */
public final class SiteLossDrill {
    private static final String KIND = "site-loss";
    private static final long EVENTS = 1_000_000;
    private static final int MOST_LEAD_MILLIS = 10_000;
    private static final Duration AFTERWARDS = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final List<Topic> INPUTS =
            List.of(Topic.BEHAVIOUR_EVENTS, Topic.RECOMMENDATION_REQUESTS, Topic.CATALOG_UPDATES, Topic.CAMPAIGNS);

    private final StackLayout main;
    private final long seed;
    private final double perSecond;
    private final boolean keep;
    private final Progress output;

    /**
     * @param perSecond records of the load
     * @param keep whether both sites are left running
     */
    public SiteLossDrill(StackLayout main, long seed, double perSecond, boolean keep, Progress output) {
        this.main = main;
        this.seed = seed;
        this.perSecond = perSecond;
        this.keep = keep;
        this.output = output;
    }

    /** Runs it. */
    public DrillReport run() {
        SplittableRandom random = new SplittableRandom(seed);
        ShopGenerator shop = ShopGenerator.of(seed, EVENTS);
        try (DrillSites sites = new DrillSites(main, keep, output)) {
            sites.start();
            sites.startJob(shop, seed);
            try (Stream<FeedRecord> feed = shop.feed();
                    SwitchedLoad load = new SwitchedLoad(feed.iterator(), perSecond);
                    ReboundProcess standby = startStandby()) {
                load.to(sites.primary().kafka(), sites.topicPrefix());
                awaitReady(standby, load);
                pause(Duration.ofMillis(random.nextInt(MOST_LEAD_MILLIS)));
                return lose(sites, load);
            }
        }
    }

    private ReboundProcess startStandby() {
        return ReboundProcess.start(
                main, "dr", "standby", "--site", DrillSites.STANDBY, "--primary", DrillSites.PRIMARY);
    }

    private void awaitReady(ReboundProcess standby, SwitchedLoad load) {
        boolean ready = Patience.of(PATIENCE, PAUSE).until(() -> {
            if (!standby.isAlive()) {
                throw new CommandFailedException("The standby's copying has ended: " + standby.said());
            }
            load.requireFlowing();
            return status().path("inTheWay").isEmpty();
        });
        if (!ready) {
            throw new CommandFailedException("The standby can't take over after " + PATIENCE.toSeconds() + " s: "
                    + status() + " " + standby.said());
        }
    }

    private JsonNode status() {
        return ReboundProcess.start(main, "dr", "status", "--site", DrillSites.STANDBY, "--primary", DrillSites.PRIMARY)
                .answer(PATIENCE, 1);
    }

    private DrillReport lose(DrillSites sites, SwitchedLoad load) {
        LocalStack standby = sites.standby();
        String recommendations = Topic.RECOMMENDATIONS.topicName(sites.topicPrefix());
        try (FirstOfEpoch committed = new FirstOfEpoch(standby.kafka(), recommendations, Site.FIRST_EPOCH)) {
            sites.loseThePrimary();
            long lostMillis = System.currentTimeMillis();
            output.progress("every process of the primary is killed");
            ReboundProcess command = ReboundProcess.start(main, "dr", "failover", "--site", DrillSites.STANDBY);
            load.giveUp();
            load.to(standby.kafka(), sites.topicPrefix());
            JsonNode report = command.answer(PATIENCE);
            double rto = (committed.await(PATIENCE) - lostMillis) / 1e3;
            pause(AFTERWARDS);
            load.requireFlowing();
            load.stop();
            return compare(sites, report, rto);
        }
    }

    private DrillReport compare(DrillSites sites, JsonNode report, double rto) {
        LocalStack standby = sites.standby();
        List<String> findings = new ArrayList<>();
        try (TopicReconciler oracle = new TopicReconciler(
                standby.kafka(),
                sites.topicPrefix(),
                JobOptions.GROUP_ID.defaultValue(),
                standby.rest(),
                report.path("jobId").asText(),
                Duration.ofSeconds(90),
                output)) {
            TopicReconciler.Verdict verdict = oracle.reconcile();
            findings.addAll(verdict.findings());
            sites.primary().start("kafka", ProgressListener.SILENT);
            Map<TopicPartition, Long> arrived = MirrorPositions.read(standby.kafka(), DrillSites.PRIMARY);
            RecoveryPoint rpo = RecoveryPoint.of(sites.primary().kafka(), arrived, sites.topicPrefix());
            long missing = MissingInputs.count(
                    sites.primary().kafka(),
                    standby.kafka(),
                    INPUTS.stream()
                            .map(topic -> topic.topicName(sites.topicPrefix()))
                            .toList());
            if (missing != rpo.events()) {
                findings.add("The RPO by the mirror's offsets is " + rpo.events() + " records " + rpo.records()
                        + ", record by record it is " + missing);
            }
            return new DrillReport(
                    KIND,
                    seed,
                    rto,
                    rpo.seconds(),
                    rpo.events(),
                    verdict.result().lost(),
                    verdict.result().duplicated(),
                    new OldEpochs(standby.kafka(), sites.topicPrefix()).accepted(),
                    steps(report),
                    findings);
        }
    }

    private static List<Step> steps(JsonNode report) {
        List<Step> steps = new ArrayList<>();
        report.path("steps")
                .forEach(step -> steps.add(new Step(
                        step.path("name").asText(), step.path("seconds").asDouble())));
        return steps;
    }

    private static void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
