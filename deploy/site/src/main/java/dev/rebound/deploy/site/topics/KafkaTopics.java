package dev.rebound.deploy.site.topics;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.InnermostCause;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of {@link Topic} on the brokers of a site. */
public final class KafkaTopics {
    private static final Patience OPENING = Patience.of(Duration.ofSeconds(30), Duration.ofMillis(100));

    private KafkaTopics() {}

    /**
     * Creates the topics that are missing and waits until the broker serves them; what exists stays as it is.
     *
     * @param topics how they are named and made
     * @return the names that were created
     * @throws CommandFailedException if the broker refuses
     */
    public static Set<String> create(KafkaCluster kafka, TopicSettings topics) {
        return create(kafka, topics, List.of(Topic.values()));
    }

    /** The same for some of them. */
    public static Set<String> create(KafkaCluster kafka, TopicSettings topics, Collection<Topic> wanted) {
        String prefix = topics.prefix();
        try (Admin admin = kafka.admin()) {
            Set<String> present = new HashSet<>(admin.listTopics().names().get());
            List<NewTopic> missing = wanted.stream()
                    .filter(topic -> !present.contains(topic.topicName(prefix)))
                    .map(topic -> newTopic(topic, topics))
                    .toList();
            return create(missing, admin);
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Can't create the topics " + prefix + "* on " + kafka + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while creating the topics on " + kafka, e);
        }
    }

    /**
     * Creates a topic that is none of {@link Topic}, if it is missing, and waits until the broker serves it.
     *
     * @throws CommandFailedException if the broker refuses
     */
    public static void create(KafkaCluster kafka, NewTopic topic) {
        // Who may write to it need not be allowed to create it.
        if (TopicNames.exist(kafka, topic.name())) {
            return;
        }
        try (Admin admin = kafka.admin()) {
            create(List.of(topic), admin);
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't create " + topic.name() + " on " + kafka + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while creating " + topic.name() + " on " + kafka, e);
        }
    }

    private static Set<String> create(List<NewTopic> missing, Admin admin)
            throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<Void>> answers = admin.createTopics(missing).values();
        Set<String> created = new TreeSet<>();
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (NewTopic topic : missing) {
            if (isNew(answers.get(topic.name()))) {
                created.add(topic.name());
                for (int partition = 0; partition < topic.numPartitions(); partition++) {
                    partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
                }
            }
        }
        // The controller answers before the brokers know of the topic and have opened its partitions. An idempotent
        // producer
        // that is faster has its first batch refused and its second taken, and then waits for its timeout with a
        // sequence out
        // of order.
        if (!OPENING.until(() -> areOpen(partitions, admin))) {
            throw new CommandFailedException("The brokers have created " + created + " and do not serve them after "
                    + OPENING.limit().toSeconds() + " s. Look into their logs");
        }
        return created;
    }

    /** An offset is told only by a partition that is open. */
    private static boolean areOpen(Map<TopicPartition, OffsetSpec> partitions, Admin admin)
            throws InterruptedException {
        try {
            admin.listOffsets(partitions).all().get();
            return true;
        } catch (ExecutionException e) {
            // The client takes it for an answer that will not change.
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new CommandFailedException("Can't ask for the offsets of new topics: " + InnermostCause.of(e), e);
        }
    }

    /**
     * Makes the topics of a site that is only ours; of any other, requires those that are there to be there: with a mistyped
     * prefix every topic would be made once more.
     *
     * @throws CommandFailedException naming the topics that are missing
     */
    public static void ensure(Site site, String prefix) {
        if (site.ownsItsTopics()) {
            create(site.kafka(), site.topics().withPrefix(prefix));
            return;
        }
        require(site.kafka(), prefix);
    }

    /** @throws CommandFailedException naming the topics that are missing */
    public static void require(KafkaCluster kafka, String prefix) {
        List<String> missing = missing(kafka, prefix);
        if (!missing.isEmpty()) {
            throw new CommandFailedException("On " + kafka + " there are no topics " + missing + ". If the prefix "
                    + prefix + " is right, make them with `rebound site topics --create` and the same options");
        }
    }

    /** Names of topics that the brokers do not have, or do not show to this user. */
    public static List<String> missing(KafkaCluster kafka, String prefix) {
        try (Admin admin = kafka.admin()) {
            Set<String> present = admin.listTopics().names().get();
            return Arrays.stream(Topic.values())
                    .map(topic -> topic.topicName(prefix))
                    .filter(name -> !present.contains(name))
                    .toList();
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't list the topics on " + kafka + ": " + InnermostCause.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while listing the topics on " + kafka, e);
        }
    }

    /** Another command may have created the topic since we looked. */
    private static boolean isNew(KafkaFuture<Void> created) throws ExecutionException, InterruptedException {
        try {
            created.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    private static NewTopic newTopic(Topic topic, TopicSettings topics) {
        String policy = topic.compacted() ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE;
        return new NewTopic(topic.topicName(topics.prefix()), topics.partitions(), topics.replication())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, policy));
    }
}
