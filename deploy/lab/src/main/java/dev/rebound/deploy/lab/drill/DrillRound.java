package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rebound.deploy.control.dr.RecoveryPoint;
import dev.rebound.deploy.control.mirror.MirrorPositions;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One loss of a site, or one move: the operator gives the commands for it. At the end the outputs of the site that has the job
 * then are compared with all inputs that it has, and its inputs with those of the other site.
 */
final class DrillRound {
    private static final int MOST_LEAD_MILLIS = 10_000;
    private static final Duration MIRROR_HANGS = Duration.ofSeconds(60);
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final DrillSites sites;
    private final DrillKind kind;
    private final long seed;
    private final long epoch;
    private final SwitchedLoad load;
    private final Progress output;
    private final SiteCommands onStandby;
    private final SiteCommands onPrimary;
    private final List<String> findings = new ArrayList<>();

    /** @param epoch of the primary */
    DrillRound(
            StackLayout main,
            DrillSites sites,
            DrillKind kind,
            long seed,
            long epoch,
            SwitchedLoad load,
            Progress output) {
        this.sites = sites;
        this.kind = kind;
        this.seed = seed;
        this.epoch = epoch;
        this.load = load;
        this.output = output;
        this.onStandby =
                new SiteCommands(main, sites.standby().name(), sites.primary().name());
        this.onPrimary =
                new SiteCommands(main, sites.primary().name(), sites.standby().name());
    }

    /** The roles are as they were: after it, the standby has the job. */
    DrillReport run() {
        sites.startStandby();
        try (ReboundProcess standingBy = onStandby.standBy()) {
            load.to(sites.primary().kafka(), sites.topicPrefix());
            onStandby.awaitReady(standingBy, load);
            new ShiftedOffsets(sites.topicPrefix()).misleadGroup(sites.standby().kafka());
            pause(Duration.ofMillis(new SplittableRandom(seed).nextInt(MOST_LEAD_MILLIS)));
            return kind == DrillKind.PLANNED || kind == DrillKind.FAILBACK ? move() : lose();
        }
    }

    private DrillReport move() {
        Moved moved = new PlannedMove(sites, PATIENCE).run(load, onStandby, epoch);
        settle();
        return compare(moved, null);
    }

    private DrillReport lose() {
        Moved moved = takeOver();
        if (kind != DrillKind.ZOMBIE) {
            pause(AFTERWARDS);
            settle();
            return compare(moved, null);
        }
        DrillSites.processes(sites.primary()).forEach(ManagedProcess::thaw);
        output.progress("every process of the primary wakes up");
        pause(AFTERWARDS);
        // Before it stands by: then what had not arrived is sent again.
        RecoveryPoint rpo = RecoveryPoint.of(
                sites.primary().kafka(),
                sites.standby().name(),
                MirrorPositions.read(sites.standby().kafka(), sites.primary().name()),
                sites.topicPrefix());
        try (ReboundProcess standingBy = onPrimary.standBy()) {
            onPrimary.awaitReady(standingBy, load);
        }
        settle();
        return compare(moved, rpo);
    }

    private DrillReport compare(Moved moved, @Nullable RecoveryPoint rpo) {
        Comparison.Verdict verdict =
                new Comparison(sites, output).after(sites.standby(), sites.primary(), moved.jobId());
        return (rpo == null ? verdict : verdict.withRpo(rpo))
                .report(kind, seed, moved.rtoSeconds(), moved.steps(), findings);
    }

    private Moved takeOver() {
        LocalStack standby = sites.standby();
        String recommendations = Topic.RECOMMENDATIONS.topicName(sites.topicPrefix());
        try (FirstOfEpoch committed = new FirstOfEpoch(standby.kafka(), recommendations, epoch)) {
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
            JsonNode report = command();
            double rto = (committed.await(PATIENCE) - lostMillis) / 1e3;
            return new Moved(report.path("jobId").asText(), rto, Moved.steps(report));
        }
    }

    private JsonNode command() {
        return switch (kind) {
            case DOUBLE_CLAIM -> oneOf(onStandby.failover(), onStandby.failover());
            case KILLED_COMMAND -> new KilledTakeOver(onStandby, sites.standby(), PATIENCE, output).run(epoch + 1);
            default -> onStandby.failover().answer(PATIENCE);
        };
    }

    /** The answer of the one that took over; the other has to say who did. */
    private JsonNode oneOf(ReboundProcess first, ReboundProcess second) {
        boolean firstWon = first.awaitEnd(PATIENCE) == 0;
        boolean secondWon = second.awaitEnd(PATIENCE) == 0;
        if (firstWon == secondWon) {
            findings.add("Of two take-overs at once " + (firstWon ? "both" : "none") + " succeeded: " + first.said()
                    + second.said());
        }
        String refusal = (firstWon ? second : first).said();
        if (!refusal.contains("epoch " + (epoch + 1) + " is claimed by")) {
            findings.add("The take-over that was refused does not say who holds the epoch: " + refusal);
        }
        return (firstWon ? first : second).answer(PATIENCE);
    }

    private void settle() {
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
}
