package dev.rebound.deploy.ops.console;

import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.StackLayout;
import dev.rebound.deploy.local.StackPorts;
import dev.rebound.schemas.Topic;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Kafka and Flink a command speaks to; the local stack unless told otherwise. */
public final class ClusterOptions {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers; default: the local stack's.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = Topic.DEFAULT_PREFIX,
            description = "What stands before every topic's name (default: ${DEFAULT-VALUE}).")
    private String topicPrefix;

    @Option(names = "--flink", paramLabel = "URL", description = "Flink's REST address; default: the local stack's.")
    private @Nullable URI flink;

    public String bootstrapServers() {
        return bootstrapServers != null ? bootstrapServers : localStack().bootstrapServers();
    }

    public String topicPrefix() {
        return topicPrefix;
    }

    public FlinkRest flink() {
        return flink != null ? new FlinkRest(flink) : localStack().rest();
    }

    /** The stack of this process' folder, up or not. */
    public static LocalStack localStack() {
        return LocalStack.in(StackLayout.ofThisProcess());
    }

    /** The same, to be started where nothing listens; it stays on its ports if it runs already. */
    public static LocalStack localStackOnFreePorts() {
        LocalStack known = localStack();
        boolean runs =
                known.status().stream().anyMatch(component -> component.pid().isPresent());
        return runs ? known : known.on(StackPorts.free());
    }
}
