package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.StackLayout;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Two local sites are started, a job runs on one under load, and the other stands by. Then what the kind says happens, as often
 * as is asked for: the site that has the job in the end of a round is the primary of the next.
 */
public final class Drill implements AutoCloseable {
    private static final long EVENTS = 1_000_000;

    private final StackLayout main;
    private final DrillKind kind;
    private final long seed;
    private final double perSecond;
    private final Progress output;
    private final DrillSites sites;
    private long epoch = Site.FIRST_EPOCH;

    /**
     * @param seed of the shop, and of the first round's moment
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

    /**
     * Runs it; ends early with a round in which something was wrong, so that it can be looked at.
     *
     * @param rounds how often, each with the next seed
     * @param done gets what each measured: of a failback, first of the site loss that it comes back from. Also that one broke off,
     *     before the exception is passed on: of drills that nobody watches it must not be the good ones alone that are counted.
     */
    public void run(int rounds, Consumer<DrillReport> done) {
        try (Stream<FeedRecord> feed = start(done)) {
            Iterator<FeedRecord> records = feed.iterator();
            for (int round = 0; round < rounds; round++) {
                for (DrillKind part :
                        kind == DrillKind.FAILBACK ? List.of(DrillKind.SITE_LOSS, DrillKind.FAILBACK) : List.of(kind)) {
                    DrillReport report = measured(part, seed + round, records, done);
                    done.accept(report);
                    if (!report.isRight()) {
                        return;
                    }
                }
            }
        }
    }

    private Stream<FeedRecord> start(Consumer<DrillReport> done) {
        try {
            ShopGenerator shop = ShopGenerator.of(seed, EVENTS);
            sites.start();
            new ShiftedOffsets(sites.topicPrefix()).shift(sites.primary(), shop, new SplittableRandom(seed));
            sites.startJob(shop, seed);
            return shop.feed();
        } catch (RuntimeException e) {
            done.accept(DrillReport.brokenOff(kind, seed, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private DrillReport measured(
            DrillKind part, long roundSeed, Iterator<FeedRecord> feed, Consumer<DrillReport> done) {
        try (SwitchedLoad load = new SwitchedLoad(feed, perSecond)) {
            DrillReport report = new DrillRound(main, sites, part, roundSeed, epoch, load, output).run();
            sites.swap();
            epoch++;
            return report;
        } catch (RuntimeException e) {
            done.accept(DrillReport.brokenOff(part, roundSeed, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /** Takes both sites down, if they are not to be kept. */
    @Override
    public void close() {
        sites.close();
    }
}
