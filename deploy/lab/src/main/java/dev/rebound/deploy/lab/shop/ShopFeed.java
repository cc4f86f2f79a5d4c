package dev.rebound.deploy.lab.shop;

import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.events.RequestsAlong;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendationRequest;
import dev.rebound.schemas.RecordCodec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Queue;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;
import org.jspecify.annotations.Nullable;

/**
 * Runs the shop: visits begin at random, each puts its events into a queue by the time of their arrival, which is a
 * little or rarely much later than they happened; one in a hundred arrives twice. A few customers ask to be forgotten.
 */
final class ShopFeed implements Iterator<FeedRecord> {
    private static final double EVENTS_PER_SESSION = 8;
    private static final double CUSTOMER_EXPONENT = 0.4;
    private static final double DUPLICATES = 0.01;
    private static final double OUT_OF_ORDER = 0.05;
    private static final double LATE = 0.003;
    private static final int OUT_OF_ORDER_MILLIS = 25_000;
    private static final int LATE_MILLIS = 20 * 60_000;
    private static final int TWICE_WITHIN_MILLIS = 60_000;
    private static final int CORRUPT_OF_EACH_KIND = 3;
    private static final int ERASURES = 5;
    private static final int LEAST_EVENTS_PER_ERASURE = 100;

    private final CatalogPlan plan;
    private final long eventCount;
    private final boolean history;
    private final UniformRandomProvider random;
    private final long seed;
    private final Shop shop;
    private final DiscreteSampler customer;
    private final double millisBetweenSessions;
    private final FeedEncoder encoder = new FeedEncoder();
    private final RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);
    private final RequestsAlong requests = new RequestsAlong();
    private final ShownLists lists = new ShownLists();
    private final CampaignPlan campaigns;
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::atMillis).thenComparingLong(Arrival::sequence));
    private final Queue<FeedRecord> ready = new ArrayDeque<>();
    private double nextSessionMillis;
    private long sessions;
    private long ids;
    private long sequence;
    private long emitted;
    private int changed;
    private int erased;

    /** Of an event or of a request. */
    private record Arrival(
            long atMillis,
            long sequence,
            @Nullable BehaviourEvent event,
            boolean again,
            @Nullable RecommendationRequest request) {}

    ShopFeed(
            Assortment assortment,
            CatalogPlan plan,
            int customers,
            long eventCount,
            boolean history,
            Instant start,
            UniformRandomProvider random,
            long seed) {
        this.plan = plan;
        this.eventCount = eventCount;
        this.history = history;
        this.random = random;
        this.seed = seed;
        this.shop = new Shop(assortment, random);
        plan.stock(shop);
        this.customer = RejectionInversionZipfSampler.of(random, customers, CUSTOMER_EXPONENT);
        this.millisBetweenSessions = ShopGenerator.PERIOD.toMillis() / Math.max(1, eventCount / EVENTS_PER_SESSION);
        this.nextSessionMillis = start.toEpochMilli();
        this.campaigns = new CampaignPlan(assortment, start);
        if (!history) {
            campaigns.campaigns().forEach(campaign -> ready.add(encoder.campaign(campaign)));
        }
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || emitted < eventCount;
    }

    @Override
    public FeedRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The feed has ended after " + eventCount + " events");
        }
        if (ready.isEmpty()) {
            arrive(nextArrival());
        }
        return ready.remove();
    }

    private Arrival nextArrival() {
        while (arrivals.isEmpty() || arrivals.peek().atMillis() >= nextSessionMillis) {
            visit();
        }
        return arrivals.remove();
    }

    private void visit() {
        Customer who = new Customer(customer.sample(), seed);
        List<BehaviourEvent> events =
                new ShoppingSession(shop, who, "s-" + ++sessions, (long) nextSessionMillis, random).run();
        if (!history) {
            lists.requests(events).forEach(this::send);
        }
        events.forEach(this::send);
        nextSessionMillis += -Math.log(1 - random.nextDouble()) * millisBetweenSessions;
    }

    private void send(RecommendationRequest request) {
        arrivals.add(new Arrival(request.getRequestedAt(), sequence++, null, false, request));
    }

    private void send(BehaviourEvent event) {
        event.setEventId((history ? "h-" : "e-") + ++ids);
        long arrives = event.getEventTime() + random.nextInt(1_000);
        double u = random.nextDouble();
        if (u < LATE) {
            arrives += OUT_OF_ORDER_MILLIS + random.nextInt(LATE_MILLIS);
        } else if (u < LATE + OUT_OF_ORDER) {
            arrives += random.nextInt(OUT_OF_ORDER_MILLIS);
        }
        arrivals.add(new Arrival(arrives, sequence++, event, false, null));
        if (!history && random.nextDouble() < DUPLICATES) {
            arrivals.add(new Arrival(arrives + random.nextInt(TWICE_WITHIN_MILLIS), sequence++, event, true, null));
        }
    }

    private void arrive(Arrival arrival) {
        while (!history
                && changed < plan.changes().size()
                && plan.changes().get(changed).atEvent() <= emitted) {
            ready.add(plan.apply(plan.changes().get(changed++), shop, encoder, arrival.atMillis()));
        }
        if (arrival.request() != null) {
            ready.add(encoder.request(arrival.request()));
            return;
        }
        BehaviourEvent event = arrival.event();
        int corrupt = corruptKind();
        emitted++;
        if (corrupt >= 0) {
            ready.add(CorruptRecord.values()[corrupt].spoil(event, codec));
            return;
        }
        ready.add(encoder.event(asksToBeForgotten(arrival) ? erasure(event) : event));
        if (!history && !arrival.again()) {
            requests.after(event).map(campaigns::ask).map(encoder::request).ifPresent(ready::add);
        }
    }

    /** Spread over the feed. */
    private boolean asksToBeForgotten(Arrival arrival) {
        long every = eventCount / (ERASURES + 1);
        boolean due = !history
                && !arrival.again()
                && every >= LEAST_EVENTS_PER_ERASURE
                && erased < Math.min(ERASURES, emitted / every);
        erased += due ? 1 : 0;
        return due;
    }

    private static BehaviourEvent erasure(BehaviourEvent event) {
        return BehaviourEvent.newBuilder(event)
                .setType(EventType.ERASE_USER)
                .setItemId(null)
                .setQuery(null)
                .setRequestId(null)
                .setPosition(null)
                .build();
    }

    /** The corrupt records are spread over the feed; -1 for a good one. */
    private int corruptKind() {
        int kinds = CorruptRecord.values().length;
        long every = Math.max(1, eventCount / (CORRUPT_OF_EACH_KIND * (long) kinds + 1));
        boolean due = !history
                && emitted > 0
                && emitted % every == 0
                && emitted / every <= (long) CORRUPT_OF_EACH_KIND * kinds;
        return due ? (int) (emitted / every % kinds) : -1;
    }
}
