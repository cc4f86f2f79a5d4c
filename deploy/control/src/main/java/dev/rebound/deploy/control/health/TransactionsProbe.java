package dev.rebound.deploy.control.health;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.OpenTransactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;

/** Asks the brokers for the open transactions of the site's jobs, whether such a job is there or not. */
final class TransactionsProbe implements Callable<Observation.Transactions> {
    private final KafkaCluster kafka;
    private final String prefix;
    private final Map<String, Object> impatient;
    private final InstantSource clock;
    /** When each was seen first: with a broker whose clock is ahead a transaction is open for longer than it says. */
    private Map<String, Instant> seen = new HashMap<>();

    /** @param prefix of the transactional ids */
    TransactionsProbe(KafkaCluster kafka, String prefix, Duration patience, InstantSource clock) {
        this.kafka = kafka;
        this.prefix = prefix;
        this.impatient = KafkaProbe.within(patience);
        this.clock = clock;
    }

    @Override
    public synchronized Observation.Transactions call() throws Exception {
        try (Admin admin = kafka.admin(impatient)) {
            List<OpenTransactions.Open> open = OpenTransactions.of(admin, prefix);
            Instant now = clock.instant();
            Map<String, Instant> stillSeen = new HashMap<>();
            open.forEach(each -> stillSeen.put(key(each), seen.getOrDefault(key(each), now)));
            seen = stillSeen;
            return new Observation.Transactions(
                    open.size(),
                    open.stream()
                            .map(each -> observed(each, now))
                            .max(Comparator.comparingDouble(Observation.Transaction::shareOfTimeout))
                            .orElse(null));
        } catch (CommandFailedException notVisible) {
            throw new NotCheckedException(String.valueOf(notVisible.getMessage()));
        }
    }

    private Observation.Transaction observed(OpenTransactions.Open open, Instant now) {
        Instant first = seen.getOrDefault(key(open), now);
        Instant begun = open.begunAt().isBefore(first) ? open.begunAt() : first;
        return new Observation.Transaction(open.id(), Duration.between(begun, now), open.timeout(), open.partitions());
    }

    private static String key(OpenTransactions.Open open) {
        return open.id() + "@" + open.begunAt();
    }
}
