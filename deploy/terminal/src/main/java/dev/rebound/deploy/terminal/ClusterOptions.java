package dev.rebound.deploy.terminal;

import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.topics.KafkaTopics;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which Kafka and Flink a command speaks to: those of the site, unless told otherwise. */
public final class ClusterOptions {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Other Kafka brokers than those of the site.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            description =
                    "What stands before every topic's name; default: that of the site, rebound. on the local stack.")
    private @Nullable String topicPrefix;

    @Option(names = "--flink", paramLabel = "URL", description = "Another REST address than that of the site.")
    private @Nullable URI flink;

    @Mixin
    private ChosenSite site;

    public Site site() {
        return site.site();
    }

    public KafkaCluster kafka() {
        KafkaCluster kafka = site().kafka();
        return bootstrapServers == null ? kafka : new KafkaCluster(bootstrapServers, kafka.properties());
    }

    public String topicPrefix() {
        return topicPrefix != null ? topicPrefix : topics().prefix();
    }

    /** How topics are named and made. */
    public TopicSettings topics() {
        TopicSettings topics = site().topics();
        return topicPrefix == null ? topics : topics.withPrefix(topicPrefix);
    }

    /**
     * Makes the topics where they are only ours, on the local site; anywhere else requires them to be there: with a mistyped
     * prefix every topic would be made once more.
     */
    public void ensureTopics() {
        if (site().ownsItsTopics() && bootstrapServers == null) {
            KafkaTopics.create(kafka(), topics());
        } else {
            KafkaTopics.require(kafka(), topicPrefix());
        }
    }

    public FlinkRest flink() {
        return flink != null ? new FlinkRest(flink) : site().flink().rest();
    }
}
