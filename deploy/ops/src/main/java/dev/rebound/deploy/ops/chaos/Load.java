package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.ops.events.FeedRecord;
import dev.rebound.deploy.ops.replay.FeedSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends one feed at a steady rate, with pauses in which the job can be compared with what was sent. */
final class Load implements AutoCloseable {
    /** Longer than any fault lasts: what a producer gave up would be no fault of the job's. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Iterator<FeedRecord> feed;
    private final FeedSender sender;
    private final double perSecond;
    private volatile boolean flows;
    private @Nullable CompletableFuture<Void> sending;

    Load(String bootstrapServers, String topicPrefix, Iterator<FeedRecord> feed, double perSecond) {
        this.feed = feed;
        this.sender = new FeedSender(bootstrapServers, topicPrefix, PATIENCE);
        this.perSecond = perSecond;
    }

    /** Begins to send, or goes on. */
    void start() {
        flows = true;
        sending = CompletableFuture.runAsync(() -> sender.send(new Flowing(), perSecond, sent -> {}));
    }

    /** Pauses; returns once all that was sent is acknowledged. */
    void stop() {
        flows = false;
        if (sending != null) {
            sending.join();
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

    /** The feed as long as it flows. */
    private final class Flowing implements Iterator<FeedRecord> {
        @Override
        public boolean hasNext() {
            return flows && feed.hasNext();
        }

        @Override
        public FeedRecord next() {
            synchronized (feed) {
                return feed.next();
            }
        }
    }
}
