package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sends one feed at a steady rate, with pauses in which the job can be compared with what was sent. */
public final class Load implements AutoCloseable {
    /** Longer than any fault lasts: what a producer gave up would be no fault of the job's. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final KafkaCluster kafka;
    private final String topicPrefix;
    private final Iterator<FeedRecord> feed;
    private final double perSecond;
    private final Deque<FeedRecord> heldBack = new ArrayDeque<>();
    private FeedSender sender;
    private @Nullable Predicate<FeedRecord> holding;
    private volatile boolean flows;
    private @Nullable CompletableFuture<Void> sending;

    public Load(KafkaCluster kafka, String topicPrefix, Iterator<FeedRecord> feed, double perSecond) {
        this.kafka = kafka;
        this.topicPrefix = topicPrefix;
        this.feed = feed;
        this.sender = new FeedSender(kafka, topicPrefix, PATIENCE);
        this.perSecond = perSecond;
    }

    /** Begins to send, or goes on. */
    void start() {
        flows = true;
        FeedSender current = sender;
        sending = CompletableFuture.runAsync(() -> current.send(new Flowing(), perSecond, sent -> {}));
    }

    /** Pauses; returns once all that was sent is acknowledged. */
    void stop() {
        flows = false;
        if (sending != null) {
            await(sending);
        }
    }

    private static void await(CompletableFuture<Void> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while the load was acknowledged", e);
        }
    }

    /** Sends with a producer of its own from now on, which knows the partitions as they are; only while it pauses. */
    void renew() {
        sender.close();
        sender = new FeedSender(kafka, topicPrefix, PATIENCE);
    }

    /** Holds such events back until {@link #release}. */
    void hold(Predicate<FeedRecord> events) {
        synchronized (feed) {
            holding = events;
        }
    }

    /** Sends what was held back before all that comes. */
    void release() {
        synchronized (feed) {
            holding = null;
        }
    }

    /** The next records, which the caller sends in its own way. */
    List<FeedRecord> take(int count) {
        List<FeedRecord> taken = new ArrayList<>(count);
        synchronized (feed) {
            while (taken.size() < count && feed.hasNext()) {
                taken.add(feed.next());
            }
        }
        return taken;
    }

    /** Sends records at once, beside the steady flow. */
    void send(List<FeedRecord> records) {
        sender.send(records.iterator(), 0, sent -> {});
    }

    @Override
    public void close() {
        flows = false;
        sender.close();
    }

    private FeedRecord next() {
        synchronized (feed) {
            if (holding == null && !heldBack.isEmpty()) {
                return heldBack.remove();
            }
            FeedRecord record = feed.next();
            while (holding != null && record.topic() == Topic.BEHAVIOUR_EVENTS && holding.test(record)) {
                heldBack.add(record);
                record = feed.next();
            }
            return record;
        }
    }

    /** The feed as long as it flows. */
    private final class Flowing implements Iterator<FeedRecord> {
        @Override
        public boolean hasNext() {
            return flows && feed.hasNext();
        }

        @Override
        public FeedRecord next() {
            return Load.this.next();
        }
    }
}
