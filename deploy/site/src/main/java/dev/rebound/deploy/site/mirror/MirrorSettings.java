package dev.rebound.deploy.site.mirror;

import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Site;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * The settings of MirrorMaker, in its dedicated mode, for one direction between two sites.
 *
 * <p>MirrorMaker keeps what it is set to in a topic of the target. So how a site is spoken to, which may hold secrets, is in a
 * file of its own that only this user may read, and the settings refer to it.
 */
public final class MirrorSettings {
    private static final String FILE = "mirror.properties";

    /** A record that takes up a whole message of a broker is larger before it is compressed. */
    private static final int LARGEST_REQUEST_BYTES = 16 * 1024 * 1024;

    private static final int GATHERED_BYTES = 256 * 1024;

    private final Site from;
    private final Site to;

    public MirrorSettings(Site from, Site to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Writes them anew.
     *
     * @return the file that MirrorMaker reads
     */
    public static Path write(Site from, Site to, Path folder) {
        MirrorSettings settings = new MirrorSettings(from, to);
        try {
            Files.createDirectories(folder);
            for (Site site : List.of(from, to)) {
                store(site.kafka().properties(), secrets(folder, site));
            }
            Path file = file(folder);
            store(settings.properties(folder), file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write the settings of the mirror into " + folder, e);
        }
    }

    /** Where {@link #write} puts them. */
    public static Path file(Path folder) {
        return folder.resolve(FILE);
    }

    private static Path secrets(Path folder, Site site) {
        return folder.resolve(site.name() + ".client.properties");
    }

    private static void store(Map<String, String> entries, Path file) throws IOException {
        Properties properties = new Properties();
        properties.putAll(entries);
        // Rights first: nobody else may have it open when the secrets come.
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
    }

    /** @param folder of the files that they refer to */
    Map<String, String> properties(Path folder) {
        Map<String, String> all = new TreeMap<>();
        all.put("clusters", from.name() + "," + to.name());
        all.put("config.providers", "file");
        all.put("config.providers.file.class", FileConfigProvider.class.getName());
        all.put("plugin.discovery", "service_load");
        client(all, folder, from);
        client(all, folder, to);
        worker(all);
        flow(all);
        return all;
    }

    private static void client(Map<String, String> all, Path folder, Site site) {
        KafkaCluster kafka = site.kafka();
        String cluster = site.name() + ".";
        all.put(cluster + "bootstrap.servers", kafka.bootstrapServers());
        for (String key : kafka.properties().keySet()) {
            String reference = "${file:" + secrets(folder, site) + ":" + key + "}";
            // MirrorMaker hands on by itself only what it knows, such as TLS and SASL.
            for (String client : List.of("", "consumer.", "producer.", "admin.")) {
                all.put(cluster + client + key, reference);
            }
        }
    }

    /** The process that copies. It stands on the target: what it commits there, it commits with where it stands. */
    private void worker(Map<String, String> all) {
        String cluster = to.name() + ".";
        String replication = String.valueOf(to.topics().replication());
        all.put(cluster + "group.id", MirrorTopics.group(from.name()));
        all.put(cluster + "offset.storage.topic", MirrorTopics.offsets(from.name()));
        all.put(cluster + "offset.storage.partitions", "5");
        all.put(cluster + "offset.storage.replication.factor", replication);
        all.put(cluster + "status.storage.topic", MirrorTopics.status(from.name()));
        all.put(cluster + "status.storage.partitions", "1");
        all.put(cluster + "status.storage.replication.factor", replication);
        all.put(cluster + "config.storage.topic", MirrorTopics.configs(from.name()));
        all.put(cluster + "config.storage.replication.factor", replication);
        all.put(cluster + "exactly.once.source.support", "enabled");
        all.put(cluster + "plugin.discovery", "service_load");
        // There is one worker: what a killed one leaves is taken over as soon as the broker lets go of it.
        all.put(cluster + "session.timeout.ms", "6000");
        all.put(cluster + "heartbeat.interval.ms", "2000");
        all.put(cluster + "scheduled.rebalance.max.delay.ms", "0");
        all.put(cluster + "task.shutdown.graceful.timeout.ms", "3000");
        all.put(cluster + "producer.compression.type", "lz4");
        all.put(cluster + "producer.max.request.size", String.valueOf(LARGEST_REQUEST_BYTES));
    }

    private void flow(Map<String, String> all) {
        // Records of aborted transactions stay behind.
        all.put(from.name() + ".consumer.isolation.level", "read_committed");
        // What is read in one go is one transaction, which costs the brokers more than a record: what trickles in is
        // gathered for half a second, and large ones catch up.
        all.put(from.name() + ".consumer.fetch.min.bytes", String.valueOf(GATHERED_BYTES));
        all.put(from.name() + ".consumer.fetch.max.wait.ms", "500");
        all.put(from.name() + ".consumer.max.poll.records", "2000");
        all.put(to.name() + "->" + from.name() + ".enabled", "false");
        String flow = from.name() + "->" + to.name() + ".";
        String replication = String.valueOf(to.topics().replication());
        all.put(flow + "enabled", "true");
        all.put(flow + "topics", Pattern.quote(from.topics().prefix()) + ".*");
        // The offsets that it tells are those of its own cluster.
        all.put(
                flow + "topics.exclude",
                Pattern.quote(Topic.SITE_EPOCHS.topicName(from.topics().prefix())));
        all.put(flow + "tasks.max", "2");
        all.put(flow + "replication.factor", replication);
        all.put(flow + "offset-syncs.topic.replication.factor", replication);
        all.put(flow + "heartbeats.topic.replication.factor", replication);
        // With the source the offsets would be lost.
        all.put(flow + "offset-syncs.topic.location", "target");
        all.put(flow + "offset.lag.max", "100");
        all.put(flow + "consumer.poll.timeout.ms", "200");
        all.put(flow + "refresh.topics.interval.seconds", "5");
        all.put(flow + "sync.topic.configs.interval.seconds", "30");
        all.put(flow + "sync.topic.acls.enabled", "false");
        all.put(flow + "transforms", "origin");
        all.put(flow + "transforms.origin.type", "dev.rebound.deploy.mirror.RecordOrigin");
        all.put(flow + "transforms.origin.header", MirrorTopics.ORIGIN);
        all.put(flow + "transforms.origin.source", from.name());
        all.put(flow + "transforms.origin.target", to.name());
        all.put("replication.policy.class", "org.apache.kafka.connect.mirror.IdentityReplicationPolicy");
        // No offsets of groups: a take-over never starts at those. MirrorMaker has a connector for them, and says as an
        // error
        // that it does not run; that of the heartbeats makes its topic even so.
        all.put("emit.heartbeats.enabled", "false");
        all.put("emit.checkpoints.enabled", "false");
        all.put("sync.group.offsets.enabled", "false");
    }
}
