package dev.rebound.deploy.lab.bench;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.lab.events.FeedEncoder;
import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest.Checkpoint;
import dev.rebound.deploy.site.Progress;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Fills a job's state with users, then changes one in a hundred of them and sees what the checkpoints until then write, copies
 * all of it into a savepoint, and starts the job again from its last checkpoint.
 */
public final class CheckpointBench {
    private static final int ITEMS = 5_000;
    private static final int CHANGED_OF = 100;
    private static final int QUIET_CHECKPOINTS = 3;
    private static final Instant START = Instant.parse("2025-03-03T00:00:00Z");
    private static final Duration PERIOD = Duration.ofDays(1);

    private final LocalStack stack;
    private final String runPrefix;
    private final int eventsPerUser;
    private final Progress output;

    public CheckpointBench(LocalStack stack, String runPrefix, int eventsPerUser, Progress output) {
        this.stack = stack;
        this.runPrefix = runPrefix;
        this.eventsPerUser = eventsPerUser;
        this.output = output;
    }

    /**
     * Figures of one count of users.
     *
     * @param stateBytes of the whole checkpoint
     * @param savepointSeconds to copy all of it
     * @param changedUsers who had an event between two checkpoints
     * @param changeBytes what the checkpoints wrote until those events were in
     * @param changeMillis how long the longest of them took
     * @param restoreSeconds from the command until all tasks run with the state of the last checkpoint
     */
    public record Row(
            int users,
            long stateBytes,
            double savepointSeconds,
            int changedUsers,
            long changeBytes,
            long changeMillis,
            double restoreSeconds) {}

    public Row measure(int users) {
        BenchTopics topics = BenchTopics.create(stack.kafka(), runPrefix + users + ".");
        sendCatalog(topics);
        BenchJob job = BenchJob.start(stack, topics, null, null);
        output.progress(String.format("%,d users: %,d events", users, (long) users * eventsPerUser));
        long events = (long) users * eventsPerUser;
        send(topics, LongStream.range(0, events).mapToObj(n -> event(n, (int) (n % users), n, events)));
        job.awaitCommitted();
        job.awaitCheckpoints(QUIET_CHECKPOINTS);
        long stateBytes = latest(job).stateSizeBytes();

        long savepointBegin = System.nanoTime();
        new RecommendationJobs(stack).savepointAtOnce(job.id());
        double savepointSeconds = secondsSince(savepointBegin);

        int changed = Math.max(1, users / CHANGED_OF);
        output.progress(String.format("%,d users: changing %,d of them", users, changed));
        long lastBefore = latest(job).id();
        send(
                topics,
                IntStream.range(0, changed).mapToObj(n -> event(events + n, n * (users / changed), events, events)));
        job.awaitCommitted();
        List<Checkpoint> since = job.checkpoints().history().stream()
                .filter(each -> each.id() > lastBefore && !each.savepoint())
                .toList();
        String state = Objects.requireNonNull(latest(job).externalPath());
        job.cancel();

        output.progress(String.format("%,d users: restoring %s", users, state));
        long restoreBegin = System.nanoTime();
        BenchJob restored = BenchJob.start(stack, topics, null, state);
        double restoreSeconds = secondsSince(restoreBegin);
        restored.cancel();
        return new Row(
                users,
                stateBytes,
                savepointSeconds,
                changed,
                since.stream().mapToLong(Checkpoint::checkpointedBytes).sum(),
                since.stream().mapToLong(Checkpoint::durationMillis).max().orElseThrow(),
                restoreSeconds);
    }

    private static Checkpoint latest(BenchJob job) {
        return job.checkpoints()
                .latestCompleted()
                .orElseThrow(() -> new CommandFailedException("Job " + job.id() + " has no checkpoint"));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private void sendCatalog(BenchTopics topics) {
        FeedEncoder encoder = new FeedEncoder();
        send(
                topics,
                IntStream.range(0, ITEMS)
                        .mapToObj(n -> encoder.item(CatalogItem.newBuilder()
                                .setItemId("i" + n)
                                .setTitle("Item " + n)
                                .setCategoryPath(List.of("c" + n % 50))
                                .setBrand("b" + n % 100)
                                .setPriceMinor(1_000L + n)
                                .setAvailable(true)
                                .setUpdatedAt(START.toEpochMilli())
                                .build())));
    }

    private void send(BenchTopics topics, Stream<FeedRecord> feed) {
        try (FeedSender sender = new FeedSender(stack.kafka(), topics.prefix())) {
            sender.send(feed.iterator(), 0, sent -> {});
        }
    }

    private final FeedEncoder encoder = new FeedEncoder();

    /** Of an item that depends on nothing but the event's number, at a time that is its share of the period. */
    private FeedRecord event(long number, int user, long place, long places) {
        return encoder.event(BehaviourEvent.newBuilder()
                .setEventId("e" + number)
                .setUserId("u" + user)
                .setType(EventType.VIEW)
                .setItemId("i" + new SplittableRandom(number).nextInt(ITEMS))
                .setEventTime(START.toEpochMilli() + PERIOD.toMillis() * place / places)
                .build());
    }
}
