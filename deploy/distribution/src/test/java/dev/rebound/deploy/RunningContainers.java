package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.KafkaCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Kafka, HDFS and Flink in containers of the images that {@code deploy/docker/build} makes, up for one test class.
 *
 * <p>Register as a static field. The class is skipped where there is no Docker or no image, unless {@code
 * -Drebound.containers=required}; then it fails. What the containers wrote stays in target/containers.
 */
final class RunningContainers implements BeforeAllCallback, AfterAllCallback, ClusterUnderTest {
    private static final List<String> IMAGES = List.of("rebound/kafka", "rebound/hdfs", "rebound/flink");
    private static final String KAFKA_INSIDE = "kafka:19092";
    private static final String REGISTRY = "hdfs://namenode:8020/rebound/models";
    private static final String VICTIM = "taskmanager-1";
    private static final int SLOTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Pattern SUBMITTED = Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");

    private final Map<String, GenericContainer<?>> started = new LinkedHashMap<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        String missing = missing();
        if (!missing.isEmpty()) {
            String message = "The tests on containers don't run: " + missing;
            if ("required".equals(System.getProperty("rebound.containers"))) {
                throw new IllegalStateException(message);
            }
            System.out.println(message);
            Assumptions.abort(message);
        }
        try {
            startAll();
        } catch (RuntimeException e) {
            stopAll();
            throw e;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stopAll();
    }

    /** What is not there to run the containers; empty if all is. */
    private static String missing() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return "no Docker engine answers. Start one, or set DOCKER_HOST.";
        }
        for (String image : IMAGES) {
            try {
                docker().inspectImageCmd(image).exec();
            } catch (NotFoundException e) {
                return "Docker has no image " + image + ". Build it with: deploy/docker/build";
            }
        }
        return "";
    }

    private void startAll() {
        Network network = Network.newNetwork();
        start(
                "kafka",
                new KafkaContainer(DockerImageName.parse("rebound/kafka").asCompatibleSubstituteFor("apache/kafka"))
                        .withNetwork(network)
                        .withListener(KAFKA_INSIDE));
        start(
                "namenode",
                container("rebound/hdfs", network, "namenode", "namenode")
                        .waitingFor(Wait.forSuccessfulCommand("bash -c '</dev/tcp/namenode/8020'")));
        start(
                "datanode",
                container("rebound/hdfs", network, "datanode", "datanode")
                        .waitingFor(Wait.forSuccessfulCommand("hdfs fs -put -f /etc/hostname /health")));
        start(
                "jobmanager",
                container("rebound/flink", network, "jobmanager", "jobmanager")
                        .withExposedPorts(8081)
                        .waitingFor(Wait.forHttp("/overview").forPort(8081)));
        start(VICTIM, container("rebound/flink", network, VICTIM, "taskmanager"));
        start("taskmanager-2", container("rebound/flink", network, "taskmanager-2", "taskmanager"));
        await().atMost(PATIENCE).until(() -> rest().overview().slotsTotal() == SLOTS);
    }

    private static GenericContainer<?> container(String image, Network network, String name, String role) {
        return new GenericContainer<>(DockerImageName.parse(image))
                .withNetwork(network)
                .withNetworkAliases(name)
                .withCommand(role);
    }

    private void start(String name, GenericContainer<?> container) {
        System.out.println("containers: " + name + " starting");
        started.put(name, container);
        container.withStartupTimeout(PATIENCE).withCreateContainerCmdModifier(RunningContainers::onLoopback);
        container.start();
        System.out.println("containers: " + name + " up");
    }

    /** Docker would publish on every interface of this machine, and whoever reaches Flink's REST runs code as it. */
    private static void onLoopback(CreateContainerCmd command) {
        Ports bindings = new Ports();
        for (ExposedPort port : command.getExposedPorts()) {
            bindings.bind(port, Ports.Binding.bindIp("127.0.0.1"));
        }
        command.getHostConfig().withPortBindings(bindings);
    }

    private void stopAll() {
        List<String> names = new ArrayList<>(started.keySet());
        Collections.reverse(names);
        Network network = null;
        for (String name : names) {
            GenericContainer<?> container = started.get(name);
            network = container.getNetwork();
            if (container.getContainerId() != null) {
                keepLog(name, container);
            }
            container.stop();
            System.out.println("containers: " + name + " stopped");
        }
        started.clear();
        if (network != null) {
            network.close();
        }
    }

    private static void keepLog(String name, GenericContainer<?> container) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "containers"));
            Files.writeString(folder.resolve(name + ".log"), container.getLogs());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't keep the log of " + name, e);
        }
    }

    @Override
    public KafkaCluster kafka() {
        return KafkaCluster.plain(((KafkaContainer) started.get("kafka")).getBootstrapServers());
    }

    @Override
    public FlinkRest rest() {
        GenericContainer<?> jobManager = started.get("jobmanager");
        return new FlinkRest(URI.create("http://" + jobManager.getHost() + ":" + jobManager.getMappedPort(8081)));
    }

    @Override
    public void trainModel(long seed, int events, String version) {
        inJobManager(
                "rebound",
                "model",
                "train",
                "--seed=" + seed,
                "--events-count=" + events,
                "--registry=" + REGISTRY,
                "--model-version=" + version);
    }

    @Override
    public void publishModel(String topicPrefix, String version) {
        inJobManager(
                "rebound",
                "model",
                "publish",
                "--registry=" + REGISTRY,
                "--bootstrap-servers=" + KAFKA_INSIDE,
                "--topic-prefix=" + topicPrefix,
                version);
    }

    @Override
    public String submit(String topicPrefix) {
        String said = inJobManager(
                "flink",
                "run",
                "-d",
                "/opt/rebound/jobs/rebound-jobs.jar",
                "--kafka.bootstrap-servers",
                KAFKA_INSIDE,
                "--kafka.topic-prefix",
                topicPrefix,
                "--kafka.group-id",
                topicPrefix + "job");
        Matcher jobId = SUBMITTED.matcher(said);
        assertThat(jobId.find()).as(said).isTrue();
        await().atMost(PATIENCE).until(() -> rest().job(jobId.group(1)).allRunning());
        return jobId.group(1);
    }

    @Override
    public void killATaskManager() {
        String id = started.get(VICTIM).getContainerId();
        docker().killContainerCmd(id).withSignal("KILL").exec();
        await().atMost(PATIENCE)
                .until(() -> !docker().inspectContainerCmd(id).exec().getState().getRunning());
    }

    @Override
    public void replaceTheTaskManager() {
        docker().startContainerCmd(started.get(VICTIM).getContainerId()).exec();
    }

    /** Runs a command to its end and returns what it wrote. */
    private String inJobManager(String... command) {
        try {
            ExecResult result = started.get("jobmanager").execInContainer(command);
            String said = result.getStdout() + result.getStderr();
            assertThat(result.getExitCode())
                    .as(String.join(" ", command) + "\n" + said)
                    .isZero();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't run " + String.join(" ", command) + " in the JobManager", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + String.join(" ", command) + " ran", e);
        }
    }

    private static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }
}
