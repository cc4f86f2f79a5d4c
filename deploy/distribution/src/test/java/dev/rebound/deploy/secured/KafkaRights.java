package dev.rebound.deploy.secured;

import dev.rebound.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The least rights that Rebound asks of brokers which grant none by themselves; {@code docs/security.md} tells operators of
 * them. READ and WRITE imply DESCRIBE. An idempotent producer needs no right on the cluster: WRITE on a topic is enough.
 *
 * <table>
 * <caption>who may do what</caption>
 * <tr><th>who</th><th>on</th><th>operations</th></tr>
 * <tr><td>recommendation job</td><td>its five input topics</td><td>READ</td></tr>
 * <tr><td></td><td>its eight output topics and model-releases</td><td>WRITE</td></tr>
 * <tr><td></td><td>its consumer group</td><td>READ</td></tr>
 * <tr><td></td><td>transactional ids {@code <site>.*}</td><td>WRITE</td></tr>
 * <tr><td>training job, in addition</td><td>training-examples</td><td>READ</td></tr>
 * <tr><td>commands</td><td>topics {@code <prefix>*}</td><td>CREATE, READ, WRITE</td></tr>
 * <tr><td></td><td>consumer groups of the jobs</td><td>DESCRIBE</td></tr>
 * <tr><td></td><td>transactional ids {@code <site>.*}</td><td>WRITE</td></tr>
 * <tr><td></td><td>cluster</td><td>DESCRIBE_CONFIGS</td></tr>
 * </table>
 *
 * @param topicPrefix {@code --kafka.topic-prefix}
 * @param groupPrefix the beginning of every job's {@code --kafka.group-id}
 * @param site {@code --site.name}
 */
public record KafkaRights(String topicPrefix, String groupPrefix, String site) {
    /** What the recommendation job reads. */
    public static final List<Topic> INPUTS = List.of(
            Topic.BEHAVIOUR_EVENTS,
            Topic.RECOMMENDATION_REQUESTS,
            Topic.CATALOG_UPDATES,
            Topic.CAMPAIGNS,
            Topic.MODEL_RELEASES);

    /** What it writes. The guard retires and promotes versions, and so writes on a topic that the job reads. */
    public static final List<Topic> OUTPUTS = List.of(
            Topic.RECOMMENDATIONS,
            Topic.RECOMMENDATION_RESPONSES,
            Topic.USER_PROFILES,
            Topic.TRAINING_EXAMPLES,
            Topic.DEAD_LETTERS,
            Topic.MODEL_REPORTS,
            Topic.RELEASE_DECISIONS,
            Topic.ALERTS,
            Topic.MODEL_RELEASES);

    /** What the recommendation job needs. */
    public List<AclBinding> ofRecommendationJob() {
        List<AclBinding> rights = new ArrayList<>();
        INPUTS.forEach(topic -> rights.add(topic(topic, AclOperation.READ)));
        OUTPUTS.forEach(topic -> rights.add(topic(topic, AclOperation.WRITE)));
        rights.add(of(KafkaUser.JOB, ResourceType.GROUP, groupPrefix, PatternType.PREFIXED, AclOperation.READ));
        rights.add(transactions(KafkaUser.JOB));
        return rights;
    }

    /** What the training job needs beside that, where it runs as the same user. */
    public List<AclBinding> ofTrainingJob() {
        return List.of(topic(Topic.TRAINING_EXAMPLES, AclOperation.READ));
    }

    /** What the commands need that create topics, replay, publish models, reconcile, roll back and watch. */
    public List<AclBinding> ofOperations() {
        List<AclBinding> rights = new ArrayList<>();
        for (AclOperation operation : List.of(AclOperation.CREATE, AclOperation.READ, AclOperation.WRITE)) {
            rights.add(of(KafkaUser.OPERATIONS, ResourceType.TOPIC, topicPrefix, PatternType.PREFIXED, operation));
        }
        rights.add(
                of(KafkaUser.OPERATIONS, ResourceType.GROUP, groupPrefix, PatternType.PREFIXED, AclOperation.DESCRIBE));
        rights.add(transactions(KafkaUser.OPERATIONS));
        rights.add(of(
                KafkaUser.OPERATIONS,
                ResourceType.CLUSTER,
                Resource.CLUSTER_NAME,
                PatternType.LITERAL,
                AclOperation.DESCRIBE_CONFIGS));
        return rights;
    }

    private AclBinding topic(Topic topic, AclOperation operation) {
        return of(KafkaUser.JOB, ResourceType.TOPIC, topic.topicName(topicPrefix), PatternType.LITERAL, operation);
    }

    private AclBinding transactions(KafkaUser user) {
        return of(user, ResourceType.TRANSACTIONAL_ID, site + ".", PatternType.PREFIXED, AclOperation.WRITE);
    }

    private static AclBinding of(
            KafkaUser user, ResourceType type, String name, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(user.principal(), "*", operation, AclPermissionType.ALLOW));
    }
}
