package dev.rebound.deploy.gateway.local;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gateway holds on its disk, kept up to date for as long as it is open. */
public final class LocalState implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalState.class);

    private final LocalStore store;
    private final LocalFollower follower;
    private final LocalAnswers answers;

    private LocalState(LocalStore store, LocalFollower follower, LocalAnswers answers) {
        this.store = store;
        this.follower = follower;
        this.answers = answers;
    }

    /**
     * Opens what was held, and follows Kafka from there.
     *
     * @param folder of this gateway alone
     * @throws CommandFailedException if another process has it
     */
    public static LocalState open(Path folder, KafkaCluster kafka, String topicPrefix) {
        LocalStore store = LocalStore.open(folder);
        Popularity popularity = new Popularity();
        return new LocalState(
                store, LocalFollower.start(kafka, topicPrefix, store, popularity), new LocalAnswers(store, popularity));
    }

    public LocalAnswers answers() {
        return answers;
    }

    /** Whether all was read that was there at the start. */
    public boolean isCaughtUp() {
        return follower.isCaughtUp();
    }

    /** Why what is held can't be brought up to date now; empty where it can. */
    public Optional<String> trouble() {
        return follower.trouble();
    }

    @Override
    public void close() {
        if (follower.end()) {
            store.close();
        } else {
            // Closed under a thread that uses it, it would take the process with it.
            LOG.warn("What is held is left open: its thread waits for Kafka");
        }
    }
}
