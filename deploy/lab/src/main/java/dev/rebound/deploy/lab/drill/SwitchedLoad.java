package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.lab.replay.FeedSender;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One feed at a steady rate, to one site and then to the other, as a shop's producers do. */
final class SwitchedLoad implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Iterator<FeedRecord> feed;
    private final double perSecond;
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private Future<?> sending = java.util.concurrent.CompletableFuture.completedFuture(null);
    private volatile boolean flows;

    SwitchedLoad(Iterator<FeedRecord> feed, double perSecond) {
        this.feed = feed;
        this.perSecond = perSecond;
    }

    /** Sends to this site from now on. */
    void to(KafkaCluster kafka, String topicPrefix) {
        flows = true;
        sending = threads.submit(() -> {
            try (FeedSender sender = new FeedSender(kafka, topicPrefix, PATIENCE)) {
                sender.send(new Flowing(), perSecond, sent -> {});
            }
        });
    }

    /** Ends it; returns when all that was sent is acknowledged, or has failed with its site. */
    void stop(boolean siteIsLost) {
        flows = false;
        try {
            sending.get();
        } catch (ExecutionException e) {
            if (!siteIsLost) {
                throw new CommandFailedException(
                        "The load failed: " + e.getCause().getMessage(), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while the load was acknowledged", e);
        }
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
