package dev.rebound.deploy.control.site;

import dev.rebound.checkpoints.KafkaTransactionSettings;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.InnermostCause;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.topics.BrokerLimits;
import dev.rebound.deploy.site.topics.KafkaTopics;
import dev.rebound.deploy.site.topics.OpenTransactions;
import dev.rebound.jobs.RecommendationJob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/** Opens each connection of a site, with the rights that the commands need, and says what is wrong and what to do. */
public final class SiteCheck {
    /** With who does not answer at all, on a machine that may be busy; what is refused is told as soon as it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The job has two slot-sharing groups: scoring has slots of its own. */
    private static final int SLOTS_PER_PARALLELISM = 2;

    private final Site site;
    private final String topicPrefix;

    public SiteCheck(Site site, String topicPrefix) {
        this.site = site;
        this.topicPrefix = topicPrefix;
    }

    /**
     * What was found of one part.
     *
     * @param part kafka, topics, flink, slots or files
     * @param ok whether it is as it must be
     * @param text what was found, and what to do where it is wrong
     */
    public record Finding(String part, boolean ok, String text) {}

    /** Looks at everything at once; a part that can't be reached does not keep the others from being looked at. */
    public List<Finding> look() {
        ExecutorService parts = Executors.newFixedThreadPool(3);
        try {
            List<Future<List<Finding>>> looks = new ArrayList<>();
            for (Callable<List<Finding>> part :
                    List.<Callable<List<Finding>>>of(this::lookAtKafka, this::lookAtFlink, this::lookAtFiles)) {
                looks.add(parts.submit(part));
            }
            List<Finding> findings = new ArrayList<>();
            for (Future<List<Finding>> each : looks) {
                findings.addAll(each.get());
            }
            return findings;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while looking at the site", e);
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't look at the site: " + InnermostCause.of(e), e);
        } finally {
            parts.shutdownNow();
        }
    }

    private List<Finding> lookAtKafka() {
        Finding kafka = look("kafka", this::kafka);
        return kafka.ok()
                ? List.of(kafka, look("transactions", this::transactions), look("topics", this::topics))
                : List.of(kafka);
    }

    private List<Finding> lookAtFlink() {
        Finding flink = look("flink", this::flink);
        return flink.ok()
                ? List.of(flink, look("slots", this::slotsOfTheJob), look("checkpoints", this::checkpoints))
                : List.of(flink);
    }

    private List<Finding> lookAtFiles() {
        return List.of(look("files", this::files));
    }

    /** One that runs has its own. */
    private String slotsOfTheJob() throws Exception {
        FlinkRest rest = site.flink().rest().within(PATIENCE);
        for (FlinkRest.Job job : rest.jobs()) {
            if (job.name().equals(RecommendationJob.JOB_NAME) && !job.ended()) {
                return "those of job " + job.id() + ", which is " + job.state();
            }
        }
        return requiredSlots();
    }

    private static Finding look(String part, Callable<String> question) {
        try {
            return new Finding(part, true, question.call());
        } catch (CommandFailedException e) {
            return new Finding(part, false, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while looking at the site", e);
        } catch (Exception e) {
            return new Finding(part, false, InnermostCause.of(e));
        }
    }

    private String kafka() throws InterruptedException {
        Map<String, Object> impatient = Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis() / 2,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
        try (Admin admin = site.kafka().admin(impatient)) {
            int brokers = admin.describeCluster()
                    .nodes()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .size();
            return brokers + " brokers at " + site.kafka();
        } catch (ExecutionException e) {
            throw new CommandFailedException(explained(e), e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new CommandFailedException(
                    "The brokers at " + site.kafka() + " do not answer within " + PATIENCE.toSeconds()
                            + " s. Check kafka.bootstrap-servers, and whether security.protocol is what that port speaks",
                    e);
        }
    }

    private String explained(Exception failure) {
        String why = InnermostCause.of(failure);
        if (InnermostCause.find(failure, SslAuthenticationException.class) != null) {
            return "TLS with the brokers at " + site.kafka() + " fails: " + why
                    + ". Check ssl.truststore.* and ssl.keystore.* of the site's Kafka properties, and whether a"
                    + " certificate has expired";
        }
        if (InnermostCause.find(failure, AuthenticationException.class) != null) {
            return "The brokers at " + site.kafka() + " do not let this user in: " + why
                    + ". Check sasl.mechanism and sasl.jaas.config of the site's Kafka properties";
        }
        if (InnermostCause.find(failure, AuthorizationException.class) != null) {
            return "The brokers at " + site.kafka() + " do not allow this user what it needs: " + why
                    + ". The rights that are needed: docs/security.md";
        }
        return "The brokers at " + site.kafka() + " can't be asked: " + why + ". Check kafka.bootstrap-servers";
    }

    private String transactions() throws InterruptedException {
        OpenTransactions.requireVisible(site.kafka(), site.name() + ".");
        Duration most = BrokerLimits.transactionMaximum(site.kafka());
        Duration needed = KafkaTransactionSettings.forSite(site.name()).transactionTimeout();
        if (most.compareTo(needed) < 0) {
            throw new CommandFailedException(
                    "transaction.max.timeout.ms of the brokers is " + most.toMillis()
                            + ", the sinks' transactions last up to " + needed.toMillis()
                            + ": the job would not start. Raise it on every broker, or set --kafka.transaction-timeout of the job");
        }
        return "transactions may last " + most.toMinutes() + " min";
    }

    private String topics() {
        List<String> missing = KafkaTopics.missing(site.kafka(), topicPrefix);
        if (!missing.isEmpty() && !site.ownsItsTopics()) {
            throw new CommandFailedException(
                    "There are no topics " + missing + ", or this user may not see them. If the"
                            + " prefix " + topicPrefix + " is right, make them with: rebound --site " + site.name()
                            + " site topics --create");
        }
        return missing.isEmpty() ? "all topics " + topicPrefix + "* are there" : "submitting a job makes " + missing;
    }

    private String flink() {
        FlinkRest.Overview overview = site.flink().rest().within(PATIENCE).overview();
        return overview.taskManagers() + " TaskManagers at "
                + site.flink().rest().address();
    }

    /** Whether a job would get its slots: without them it waits, fails and is started again for ever. */
    public Finding slots() {
        return look("slots", this::requiredSlots);
    }

    private String requiredSlots() {
        FlinkRest.Overview overview = site.flink().rest().within(PATIENCE).overview();
        int parallelism = site.flink().settings().get(CoreOptions.DEFAULT_PARALLELISM);
        return requireSlots(overview, parallelism);
    }

    /** The same for a job of a parallelism of its own. */
    public Finding slots(int parallelism) {
        return look(
                "slots", () -> requireSlots(site.flink().rest().within(PATIENCE).overview(), parallelism));
    }

    private static String requireSlots(FlinkRest.Overview overview, int parallelism) {
        int needed = SLOTS_PER_PARALLELISM * parallelism;
        if (overview.slotsAvailable() < needed) {
            throw new CommandFailedException("Flink has " + overview.slotsAvailable() + " free slots of "
                    + overview.slotsTotal() + ", the job needs " + needed + " at parallelism " + parallelism
                    + ": scoring has slots of its own. End another job, add TaskManagers, or raise"
                    + " taskmanager.numberOfTaskSlots");
        }
        return overview.slotsAvailable() + " free slots, " + needed + " needed";
    }

    private String checkpoints() {
        Configuration settings = site.flink().settings();
        String folder = settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
        if (folder == null) {
            throw new CommandFailedException(
                    "execution.checkpointing.dir is not set on Flink: checkpoints would be kept in the"
                            + " JobManager's memory and be lost with it");
        }
        if (settings.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL).isEmpty()) {
            throw new CommandFailedException(
                    "execution.checkpointing.interval is not set on Flink: without checkpoints no output is ever committed");
        }
        return "checkpoints every "
                + settings.get(CheckpointingOptions.CHECKPOINTING_INTERVAL).toSeconds() + " s to " + folder;
    }

    private String files() throws IOException {
        Path root = new Path(site.files().root().toUri());
        org.apache.hadoop.conf.Configuration impatient = site.files().hadoop();
        impatient.setInt("ipc.client.connect.timeout", (int) PATIENCE.toMillis() / 2);
        impatient.setInt("ipc.client.connect.max.retries", 1);
        impatient.setInt("ipc.client.connect.max.retries.on.timeouts", 0);
        Path probe = new Path(root, ".rebound-check-" + UUID.randomUUID());
        try (FileSystem files = FileSystem.newInstance(root.toUri(), impatient)) {
            files.mkdirs(root);
            try (var out = files.create(probe)) {
                out.write(1);
            }
            files.delete(probe, false);
        }
        return root + " can be written";
    }
}
