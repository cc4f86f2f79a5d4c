package dev.rebound.deploy.local;

import dev.rebound.schemas.Topic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics of {@link Topic} on a single broker. */
public final class KafkaTopics {

    /** Partitions of every topic: the parallelism of the local job, and room to double it. */
    public static final int PARTITIONS = 4;

    private KafkaTopics() {}

    /**
     * Creates the topics that are missing and waits until the broker serves them; what exists stays as it is.
     *
     * @param prefix before every topic's name, for example {@link Topic#DEFAULT_PREFIX}
     * @return the names that were created
     * @throws StackException if the broker refuses
     */
    public static Set<String> create(String bootstrapServers, String prefix) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Set<String> present = new HashSet<>(admin.listTopics().names().get());
            List<NewTopic> missing = Arrays.stream(Topic.values())
                    .filter(topic -> !present.contains(topic.topicName(prefix)))
                    .map(topic -> newTopic(topic, prefix))
                    .toList();
            Set<String> created = new TreeSet<>();
            for (Map.Entry<String, KafkaFuture<Void>> topic :
                    admin.createTopics(missing).values().entrySet()) {
                if (isNew(topic.getValue())) {
                    created.add(topic.getKey());
                }
            }
            awaitServed(created, admin);
            return created;
        } catch (ExecutionException e) {
            throw new StackException(
                    "Can't create the topics " + prefix + "* on " + bootstrapServers + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while creating the topics on " + bootstrapServers, e);
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

    /**
     * The controller answers before the broker has opened the partitions. An idempotent producer that is faster has its
     * first batch refused and its second taken, and then waits for its timeout with a sequence out of order. An offset
     * is told only by a partition that is open.
     */
    private static void awaitServed(Set<String> topics, Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (String topic : topics) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
        admin.listOffsets(partitions).all().get();
    }

    private static NewTopic newTopic(Topic topic, String prefix) {
        String policy = topic.compacted() ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE;
        return new NewTopic(topic.topicName(prefix), PARTITIONS, (short) 1)
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, policy));
    }
}
