package dev.rebound.deploy.control.mirror;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.mirror.MirrorTopics;
import dev.rebound.deploy.site.topics.OpenTransactions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;

/** Ends what a mirror has open, and shuts it out: also one that hangs and comes to itself later commits nothing any more. */
public final class MirrorFence {
    private MirrorFence() {}

    /**
     * Aborts the transactions of a mirror whose process was ended, which would hold back every reader of committed records until
     * they time out. One that is started later is not touched.
     *
     * @param source name of the site that is copied from
     * @return the ids of its transactions
     * @throws CommandFailedException if this user may not see or end them
     */
    public static List<String> close(KafkaCluster target, String source) {
        String prefix = MirrorTopics.transactionalIds(source);
        try (Admin admin = target.admin()) {
            OpenTransactions.requireVisible(target, prefix);
            // Not the open ones alone: one that is between two transactions would begin the next.
            List<String> ids = admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith(prefix))
                    .toList();
            if (!ids.isEmpty()) {
                admin.fenceProducers(ids).all().get();
            }
            return ids;
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Kafka at " + target + " did not end the transactions of the mirror, " + prefix + "*: "
                            + e.getCause(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while ending the transactions of the mirror", e);
        }
    }
}
