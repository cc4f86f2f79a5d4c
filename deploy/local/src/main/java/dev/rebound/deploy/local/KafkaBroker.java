package dev.rebound.deploy.local;

import dev.rebound.deploy.site.CommandResult;
import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/** One Kafka broker in KRaft mode that is its own controller. */
final class KafkaBroker implements StackComponent {

    private final StackLayout layout;
    private final StackPorts ports;

    KafkaBroker(StackLayout layout, StackPorts ports) {
        this.layout = layout;
        this.ports = ports;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + ports.kafka();
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public List<Integer> ports() {
        return List.of(ports.kafka(), ports.kafkaController());
    }

    @Override
    public void prepare() {
        Path data = layout.data("kafka");
        Path properties = ConfigTemplate.render(
                layout,
                "kafka/server.properties",
                Map.of(
                        "kafka.port", ports.kafka(),
                        "kafka.controller.port", ports.kafkaController(),
                        "kafka.data", data));
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        CommandResult format = NewStorage.format(
                data,
                jvm(
                        "kafka.tools.StorageTool",
                        "kafka-format",
                        List.of(
                                "format",
                                "--standalone",
                                "--cluster-id",
                                Uuid.randomUuid().toString(),
                                "--config",
                                properties.toString())));
        if (!format.succeeded()) {
            throw new StackException("Kafka can't format its storage in " + data + ":\n" + format.output());
        }
    }

    @Override
    public JvmCommand command() {
        return jvm(
                "kafka.Kafka",
                name(),
                List.of(layout.conf().resolve("kafka/server.properties").toString()));
    }

    @Override
    public Optional<String> problem() {
        if (!StackPorts.taken(ports.kafka())) {
            return Optional.of("it does not listen on 127.0.0.1:" + ports.kafka() + " yet");
        }
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000);
        try (Admin admin = Admin.create(client)) {
            boolean empty =
                    admin.describeCluster().nodes().get(6, TimeUnit.SECONDS).isEmpty();
            return empty ? Optional.of("the cluster has no broker yet") : Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of("describing the cluster fails: " + e.getCause());
        } catch (TimeoutException e) {
            return Optional.of("it does not answer within 6 s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while asking Kafka for its state", e);
        }
    }

    private JvmCommand jvm(String mainClass, String logName, List<String> arguments) {
        List<String> flags = new ArrayList<>(List.of("-Xms256m", "-Xmx512m", "-XX:+UseG1GC"));
        flags.addAll(JvmCommand.logFlags(layout, layout.logs().resolve(logName + ".log")));
        return new JvmCommand(flags, List.of(layout.jars("kafka")), mainClass, arguments, Map.of());
    }
}
