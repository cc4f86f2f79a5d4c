package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rebound.deploy.control.dr.RecoveryPoint;
import dev.rebound.deploy.control.mirror.MirrorPositions;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two local sites are started, a job runs on one under load, and the other stands by. Then what the kind says happens, and the
 * operator gives the commands for it. At the end the outputs of the site that has the job are compared with all inputs that it
 * has, and its inputs with those of the other site.
 */
public final class Drill implements AutoCloseable {
    private static final long EVENTS = 1_000_000;
    private static final int MOST_LEAD_MILLIS = 10_000;
    private static final Duration MIRROR_HANGS = Duration.ofSeconds(60);
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final StackLayout main;
    private final DrillKind kind;
    private final long seed;
    private final double perSecond;
    private final Progress output;
    private final DrillSites sites;

    /**
     * @param perSecond records of the load
     * @param keep whether both sites are left running
     */
    public Drill(StackLayout main, DrillKind kind, long seed, double perSecond, boolean keep, Progress output) {
        this.main = main;
        this.kind = kind;
        this.seed = seed;
        this.perSecond = perSecond;
        this.output = output;
        this.sites = new DrillSites(main, keep, output);
    }

    /** Runs it. */
    public DrillReport run() {
        SplittableRandom random = new SplittableRandom(seed);
        ShopGenerator shop = ShopGenerator.of(seed, EVENTS);
        sites.start();
        ShiftedOffsets offsets = new ShiftedOffsets(sites.primary(), sites.topicPrefix());
        offsets.shift(shop, random.split());
        sites.startJob(shop, seed);
        SiteCommands b = new SiteCommands(main, DrillSites.B, DrillSites.A);
        try (Stream<FeedRecord> feed = shop.feed();
                SwitchedLoad load = new SwitchedLoad(feed.iterator(), perSecond);
                ReboundProcess standingBy = b.standBy()) {
            load.to(sites.primary().kafka(), sites.topicPrefix());
            b.awaitReady(standingBy, load);
            offsets.misleadGroup(sites.standby().kafka());
            pause(Duration.ofMillis(random.nextInt(MOST_LEAD_MILLIS)));
            return kind == DrillKind.PLANNED ? move(load, b) : lose(load, b);
        }
    }

    private DrillReport move(SwitchedLoad load, SiteCommands b) {
        Moved moved = new PlannedMove(sites, PATIENCE).run(sites.primary(), sites.standby(), load, b, Site.FIRST_EPOCH);
        settle(load);
        return new Comparison(sites, output)
                .after(sites.standby(), sites.primary(), moved.jobId())
                .report(kind, seed, moved.rtoSeconds(), moved.steps(), List.of());
    }

    private DrillReport lose(SwitchedLoad load, SiteCommands b) {
        List<String> findings = new ArrayList<>();
        Moved moved = takeOver(load, b, findings);
        if (kind == DrillKind.FAILBACK) {
            return comeBack(load, moved);
        }
        if (kind == DrillKind.ZOMBIE) {
            DrillSites.processes(sites.primary()).forEach(ManagedProcess::thaw);
            output.progress("every process of the primary wakes up");
        }
        pause(AFTERWARDS);
        if (kind == DrillKind.ZOMBIE) {
            RecoveryPoint rpo = rpo();
            SiteCommands a = new SiteCommands(main, DrillSites.A, DrillSites.B);
            try (ReboundProcess standingBy = a.standBy()) {
                a.awaitReady(standingBy, load);
            }
            settle(load);
            return compare(moved, findings, rpo);
        }
        settle(load);
        return compare(moved, findings, null);
    }

    private DrillReport compare(Moved moved, List<String> findings, @Nullable RecoveryPoint rpo) {
        Comparison.Verdict verdict =
                new Comparison(sites, output).after(sites.standby(), sites.primary(), moved.jobId());
        return (rpo == null ? verdict : verdict.withRpo(rpo))
                .report(kind, seed, moved.rtoSeconds(), moved.steps(), findings);
    }

    private Moved takeOver(SwitchedLoad load, SiteCommands b, List<String> findings) {
        LocalStack standby = sites.standby();
        String recommendations = Topic.RECOMMENDATIONS.topicName(sites.topicPrefix());
        try (FirstOfEpoch committed = new FirstOfEpoch(standby.kafka(), recommendations, Site.FIRST_EPOCH)) {
            if (kind == DrillKind.MIRROR_LAG) {
                standby.mirror().process().freeze();
                output.progress("the mirror hangs");
                pause(MIRROR_HANGS);
            }
            List<ManagedProcess> processes = DrillSites.processes(sites.primary());
            processes.forEach(kind == DrillKind.ZOMBIE ? ManagedProcess::freeze : ManagedProcess::kill);
            long lostMillis = System.currentTimeMillis();
            output.progress("every process of the primary is " + (kind == DrillKind.ZOMBIE ? "frozen" : "killed"));
            load.giveUp();
            load.to(standby.kafka(), sites.topicPrefix());
            JsonNode report = command(standby, b, findings);
            double rto = (committed.await(PATIENCE) - lostMillis) / 1e3;
            return new Moved(report.path("jobId").asText(), rto, Moved.steps(report));
        }
    }

    private JsonNode command(LocalStack standby, SiteCommands b, List<String> findings) {
        return switch (kind) {
            case DOUBLE_CLAIM -> oneOf(b.failover(), b.failover(), findings);
            case KILLED_COMMAND -> new KilledTakeOver(b, standby, PATIENCE, output).run(Site.FIRST_EPOCH + 1);
            default -> b.failover().answer(PATIENCE);
        };
    }

    /** The answer of the one that took over; the other has to say who did. */
    private static JsonNode oneOf(ReboundProcess first, ReboundProcess second, List<String> findings) {
        boolean firstWon = first.awaitEnd(PATIENCE) == 0;
        boolean secondWon = second.awaitEnd(PATIENCE) == 0;
        if (firstWon == secondWon) {
            findings.add("Of two take-overs at once " + (firstWon ? "both" : "none") + " succeeded: " + first.said()
                    + second.said());
        }
        String refusal = (firstWon ? second : first).said();
        if (!refusal.contains("epoch 2 is claimed by")) {
            findings.add("The take-over that was refused does not say who holds the epoch: " + refusal);
        }
        return (firstWon ? first : second).answer(PATIENCE);
    }

    /** The lost site is started again, stands by for the other, and gets its job back. */
    private DrillReport comeBack(SwitchedLoad load, Moved takenOver) {
        pause(AFTERWARDS);
        sites.startPrimaryAgain();
        RecoveryPoint rpo = rpo();
        output.progress(String.format(
                Locale.ROOT,
                "site loss: RTO %.1f s, RPO %.3f s or %d inputs, by step %s",
                takenOver.rtoSeconds(),
                rpo.seconds(),
                rpo.events(),
                takenOver.steps()));
        SiteCommands a = new SiteCommands(main, DrillSites.A, DrillSites.B);
        try (ReboundProcess standingBy = a.standBy()) {
            a.awaitReady(standingBy, load);
            Moved moved = new PlannedMove(sites, PATIENCE)
                    .run(sites.standby(), sites.primary(), load, a, Site.FIRST_EPOCH + 1);
            settle(load);
            return new Comparison(sites, output)
                    .after(sites.primary(), sites.standby(), moved.jobId())
                    .report(kind, seed, moved.rtoSeconds(), moved.steps(), List.of());
        }
    }

    /** Of the take-over: once the lost site stands by, what had not arrived is there. */
    private RecoveryPoint rpo() {
        return RecoveryPoint.of(
                sites.primary().kafka(),
                DrillSites.B,
                MirrorPositions.read(sites.standby().kafka(), DrillSites.A),
                sites.topicPrefix());
    }

    private static void settle(SwitchedLoad load) {
        pause(AFTERWARDS);
        load.requireFlowing();
        load.stop();
    }

    private static void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    /** Takes both sites down, if they are not to be kept. */
    @Override
    public void close() {
        sites.close();
    }
}
