package dev.rebound.deploy.local;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.jspecify.annotations.Nullable;

/** Asks ZooKeeper, as Flink's own clients do, which JobManager leads. */
final class LeadingJobManager {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** For how long changes of the leader are counted. */
    private static final Duration COUNTING = Duration.ofSeconds(2);
    /** A change of the leader in good order is one or two. */
    private static final int MOST_CHANGES = 10;

    private LeadingJobManager() {}

    /** Where the leader's REST interface is; empty if there is none in time. */
    static Optional<URI> restAddress(Configuration settings) {
        CompletableFuture<URI> found = new CompletableFuture<>();
        return watching(
                settings,
                address -> {
                    if (address != null) {
                        found.complete(URI.create(address));
                    }
                },
                found,
                PATIENCE);
    }

    /**
     * Whether two JobManagers write over and over that they lead. Both believe it for good where ZooKeeper was away for longer
     * than their sessions last: the leader takes up its node of the session before, which ZooKeeper removes soon after, and
     * does not look at it again (Curator's LeaderLatch). Then nobody leads.
     */
    static boolean isContested(Configuration settings) {
        AtomicInteger changes = new AtomicInteger();
        CompletableFuture<Boolean> many = new CompletableFuture<>();
        return watching(
                        settings,
                        address -> {
                            if (changes.incrementAndGet() > MOST_CHANGES) {
                                many.complete(true);
                            }
                        },
                        many,
                        COUNTING)
                .orElse(false);
    }

    private interface Leader {
        void isAt(@Nullable String address);
    }

    private static <T> Optional<T> watching(
            Configuration settings, Leader leader, CompletableFuture<T> found, Duration patience) {
        try (ClientHighAvailabilityServices services =
                HighAvailabilityServicesUtils.createClientHAService(settings, found::completeExceptionally)) {
            LeaderRetrievalService retrieval = services.getClusterRestEndpointLeaderRetriever();
            retrieval.start(new LeaderRetrievalListener() {
                @Override
                public void notifyLeaderAddress(@Nullable String address, @Nullable UUID session) {
                    leader.isAt(address);
                }

                @Override
                public void handleError(Exception failure) {
                    found.completeExceptionally(failure);
                }
            });
            try {
                return Optional.of(found.get(patience.toMillis(), TimeUnit.MILLISECONDS));
            } finally {
                retrieval.stop();
            }
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while asking ZooKeeper for the leading JobManager", e);
        } catch (ExecutionException e) {
            throw new StackException("ZooKeeper does not say which JobManager leads: " + e.getCause(), e);
        } catch (Exception e) {
            throw new StackException("Can't ask ZooKeeper which JobManager leads: " + e.getMessage(), e);
        }
    }
}
