package dev.rebound.deploy.secured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.LongTest;
import dev.rebound.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rights of {@link KafkaRights} are enough for what jobs and commands do, and none of them can be left out. */
@LongTest
class KafkaRightsIT {
    private static final KafkaRights RIGHTS = new KafkaRights("rights.", "rights-", "rights-site");

    @RegisterExtension
    static final SecuredServers SERVERS = SecuredServers.shared();

    private final SecuredKafka kafka = SERVERS.kafka();
    private final RightsInUse inUse = new RightsInUse(kafka, RIGHTS);

    @BeforeAll
    static void grantAll() throws Exception {
        SERVERS.kafka().grant(all());
        new RightsInUse(SERVERS.kafka(), RIGHTS).prepare();
    }

    private static List<AclBinding> all() {
        List<AclBinding> all = new ArrayList<>(RIGHTS.ofRecommendationJob());
        all.addAll(RIGHTS.ofTrainingJob());
        all.addAll(RIGHTS.ofOperations());
        return all;
    }

    @Test
    void jobsAndCommandsCanDoWhatTheyDo() {
        assertThatCode(inUse::recommendationJob).doesNotThrowAnyException();
        assertThatCode(inUse::trainingJob).doesNotThrowAnyException();
        assertThatCode(inUse::commands).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("all")
    void noRightCanBeLeftOut(AclBinding right) throws Exception {
        kafka.revoke(right);
        try {
            assertThatThrownBy(() -> {
                        if (right.entry().principal().equals(KafkaUser.OPERATIONS.principal())) {
                            inUse.commands();
                        } else {
                            inUse.recommendationJob();
                            inUse.trainingJob();
                        }
                    })
                    .satisfies(KafkaRightsIT::isForARight);
        } finally {
            kafka.grant(List.of(right));
        }
    }

    /** Refused, or not told of what there is. */
    private static void isForARight(Throwable thrown) {
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        assertThat(cause).isInstanceOfAny(AuthorizationException.class, AssertionError.class);
    }

    @Test
    void theJobMayNotWriteItsInputsNorReadItsOutputs() {
        assertThatThrownBy(() -> inUse.inTransaction(inUse.names(List.of(Topic.BEHAVIOUR_EVENTS))))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> inUse.read(inUse.names(List.of(Topic.RECOMMENDATIONS)), inUse.group()))
                .isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void theJobMayNotBeAnotherGroupOrSite() {
        assertThatThrownBy(() -> inUse.read(inUse.names(KafkaRights.INPUTS), "another"))
                .isInstanceOf(GroupAuthorizationException.class);
        assertThatThrownBy(() -> inUse.transactional("another-site.recommendation.outputs.0-1"))
                .isInstanceOf(TransactionalIdAuthorizationException.class);
    }

    @Test
    void nobodyMayGrantRightsOrCreateTopicsElsewhere() {
        for (KafkaUser user : List.of(KafkaUser.JOB, KafkaUser.OPERATIONS)) {
            assertRefused(user, admin -> admin.createAcls(all()).all().get(), ClusterAuthorizationException.class);
            NewTopic elsewhere = new NewTopic("elsewhere", 1, (short) 1);
            assertRefused(
                    user,
                    admin -> admin.createTopics(List.of(elsewhere)).all().get(),
                    TopicAuthorizationException.class);
        }
    }

    @Test
    void theJobMayNotLookIntoTheBrokersConfiguration() {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        assertRefused(
                KafkaUser.JOB,
                admin -> admin.describeConfigs(List.of(broker)).all().get(),
                ClusterAuthorizationException.class);
    }

    /** A request of an admin client. */
    private interface Request {
        Object send(Admin admin) throws Exception;
    }

    private void assertRefused(KafkaUser user, Request request, Class<? extends Exception> with) {
        try (Admin admin = Admin.create(kafka.client(user))) {
            ThrowingCallable call = () -> request.send(admin);
            assertThatThrownBy(call).hasCauseInstanceOf(with);
        }
    }
}
