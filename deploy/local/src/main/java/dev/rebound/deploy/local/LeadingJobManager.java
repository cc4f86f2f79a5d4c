package dev.rebound.deploy.local;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.jspecify.annotations.Nullable;

/** Asks ZooKeeper, as Flink's own clients do, which JobManager leads. */
final class LeadingJobManager {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private LeadingJobManager() {}

    /** Where the leader's REST interface is; empty if there is none in time. */
    static Optional<URI> restAddress(Configuration settings) {
        CompletableFuture<URI> found = new CompletableFuture<>();
        try (ClientHighAvailabilityServices services =
                HighAvailabilityServicesUtils.createClientHAService(settings, found::completeExceptionally)) {
            LeaderRetrievalService retrieval = services.getClusterRestEndpointLeaderRetriever();
            retrieval.start(new LeaderRetrievalListener() {
                @Override
                public void notifyLeaderAddress(@Nullable String address, @Nullable UUID session) {
                    if (address != null) {
                        found.complete(URI.create(address));
                    }
                }

                @Override
                public void handleError(Exception failure) {
                    found.completeExceptionally(failure);
                }
            });
            try {
                return Optional.of(found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
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
