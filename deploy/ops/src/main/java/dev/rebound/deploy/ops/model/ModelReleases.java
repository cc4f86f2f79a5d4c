package dev.rebound.deploy.ops.model;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.topics.TopicReader;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes and reads the releases that tell jobs which model to use. */
public final class ModelReleases {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String bootstrapServers;
    private final String topic;

    public ModelReleases(String bootstrapServers, String topicPrefix) {
        this.bootstrapServers = bootstrapServers;
        this.topic = Topic.MODEL_RELEASES.topicName(topicPrefix);
    }

    /**
     * Makes a package LIVE: jobs check it, load it and score with it.
     *
     * @throws CommandFailedException if there is no such package, or Kafka refuses
     */
    public ModelRelease publish(Path registry, String model, String version, String reason) {
        Path folder = new Path(new Path(registry, model), version);
        ModelRelease release = ModelRelease.newBuilder()
                .setModel(model)
                .setVersion(version)
                .setPackageUri(folder.toString())
                .setSha256(manifestSum(folder))
                .setStage(ReleaseStage.LIVE)
                .setTrafficPercent(100)
                .setReason(reason)
                .setIssuedAt(System.currentTimeMillis())
                .setIssuedBy(System.getProperty("user.name", ""))
                .build();
        send(release);
        return release;
    }

    /**
     * Makes the releases again what they were at a moment, by issuing the difference: what was released since is
     * retired, or gets the stage that it had, and the version that scored is issued last.
     *
     * @param moment the releases in a savepoint, the one in charge last
     * @param takenAt of the savepoint
     * @return what was issued; nothing if nothing was released since
     */
    public List<ModelRelease> restore(List<ModelRelease> moment, Instant takenAt, String reason) {
        List<ModelRelease> since = list().stream()
                .filter(release -> release.getIssuedAt() > takenAt.toEpochMilli())
                .toList();
        if (since.isEmpty()) {
            return List.of();
        }
        Map<String, ModelRelease> wanted = new LinkedHashMap<>();
        since.forEach(release -> wanted.put(
                key(release),
                ModelRelease.newBuilder(release)
                        .setStage(ReleaseStage.RETIRED)
                        .setTrafficPercent(0)
                        .build()));
        for (ModelRelease then : moment) {
            // Last in, last issued: the one in charge comes at the end.
            boolean changed = wanted.remove(key(then)) != null;
            if (changed || then.equals(moment.get(moment.size() - 1))) {
                wanted.put(key(then), then);
            }
        }
        long now = System.currentTimeMillis();
        List<ModelRelease> issued = new ArrayList<>();
        for (ModelRelease release : wanted.values()) {
            issued.add(ModelRelease.newBuilder(release)
                    .setReason(reason)
                    .setIssuedAt(now + issued.size())
                    .setIssuedBy(System.getProperty("user.name", ""))
                    .build());
        }
        issued.forEach(this::send);
        return issued;
    }

    private static String key(ModelRelease release) {
        return release.getModel() + "/" + release.getVersion();
    }

    private static String manifestSum(Path folder) {
        try {
            return ModelPackages.sha256(ModelPackages.readManifest(folder));
        } catch (IOException e) {
            throw new CommandFailedException(
                    "There is no readable model package " + folder + ": " + e.getMessage()
                            + ". See what there is with: rebound model list",
                    e);
        }
    }

    private void send(ModelRelease release) {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis() / 2,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                PATIENCE.toMillis());
        byte[] key = key(release).getBytes(StandardCharsets.UTF_8);
        byte[] value = RecordCodec.of(ModelRelease.class).encode(release);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Kafka at " + bootstrapServers + " refused the release on " + topic + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while publishing to " + topic, e);
        }
    }

    /** The newest release of each version, by model and version. */
    public List<ModelRelease> list() {
        RecordCodec<ModelRelease> codec = RecordCodec.of(ModelRelease.class);
        Map<String, ModelRelease> newest = new TreeMap<>();
        try (TopicReader reader = new TopicReader(bootstrapServers, List.of(topic))) {
            reader.readToEnd(record -> {
                try {
                    ModelRelease release = codec.decode(record.value(), null);
                    newest.put(key(release), release);
                } catch (UndecodableRecordException e) {
                    throw new CommandFailedException(
                            topic + "-" + record.partition() + "@" + record.offset() + ": " + e.getMessage(), e);
                }
            });
        }
        return new ArrayList<>(newest.values());
    }
}
