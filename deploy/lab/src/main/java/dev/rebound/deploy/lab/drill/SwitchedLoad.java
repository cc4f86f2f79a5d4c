package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One feed at a steady rate, to one site and then to the other, as a shop's producers do. */
final class SwitchedLoad implements AutoCloseable {
    private final Iterator<FeedRecord> feed;
    private final double perSecond;
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private Future<?> sending = CompletableFuture.completedFuture(null);
    private volatile boolean flows;

    SwitchedLoad(Iterator<FeedRecord> feed, double perSecond) {
        this.feed = feed;
        this.perSecond = perSecond;
    }

    /** Sends to this site from now on. */
    void to(KafkaCluster kafka, String topicPrefix) {
        flows = true;
        sending = threads.submit(() -> {
            try (FeedSender sender = new FeedSender(kafka, topicPrefix)) {
                sender.send(new Flowing(), perSecond, sent -> {});
            }
        });
    }

    /** @throws CommandFailedException if it has ended by itself: whatever is measured without it is worth nothing */
    void requireFlowing() {
        if (sending.isDone()) {
            stop();
            throw new CommandFailedException("The load has ended before the drill did: its feed is used up");
        }
    }

    /** Ends it; returns when all that was sent is acknowledged. */
    void stop() {
        flows = false;
        try {
            sending.get();
        } catch (ExecutionException e) {
            throw new CommandFailedException("The load failed: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while the load was acknowledged", e);
        }
    }

    /** Ends it without waiting for a site that is lost, which acknowledges nothing any more. */
    void giveUp() {
        flows = false;
        sending.cancel(true);
    }

    @Override
    public void close() {
        flows = false;
        threads.shutdownNow();
    }

    private final class Flowing implements Iterator<FeedRecord> {
        @Override
        public boolean hasNext() {
            return flows && feed.hasNext();
        }

        @Override
        public FeedRecord next() {
            return feed.next();
        }
    }
}
