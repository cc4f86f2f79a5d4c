package dev.rebound.deploy.control.release;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes and reads the releases that tell jobs which model to use. */
public final class ModelReleases {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaCluster kafka;
    private final String topic;
    private final long siteEpoch;
    private Consumer<String> damaged = damage -> {};

    /** @param siteEpoch of the site that the releases are issued on */
    public ModelReleases(KafkaCluster kafka, String topicPrefix, long siteEpoch) {
        this.kafka = kafka;
        this.siteEpoch = siteEpoch;
        this.topic = Topic.MODEL_RELEASES.topicName(topicPrefix);
    }

    /** Has whoever asks told of records that are passed over. */
    public ModelReleases telling(Consumer<String> ofDamagedRecords) {
        damaged = ofDamagedRecords;
        return this;
    }

    /**
     * Makes a package LIVE: jobs check it, load it and score with it.
     *
     * @throws CommandFailedException if there is no such package, or Kafka refuses
     */
    public ModelRelease publish(Path registry, String model, String version, String reason) {
        return publish(registry, model, version, ReleaseStage.LIVE, 100, reason);
    }

    /**
     * Puts a package into a stage.
     *
     * @param trafficPercent share of users, 0 to 100; of meaning for CANARY
     * @throws CommandFailedException if there is no such package, or Kafka refuses
     */
    public ModelRelease publish(
            Path registry, String model, String version, ReleaseStage stage, double trafficPercent, String reason) {
        Path folder = new Path(new Path(registry, model), version);
        ModelRelease release = ModelRelease.newBuilder()
                .setModel(model)
                .setVersion(version)
                .setPackageUri(folder.toString())
                .setSha256(manifestSum(folder))
                .setStage(stage)
                .setTrafficPercent(trafficPercent)
                .setReason(reason)
                .setIssuedAt(System.currentTimeMillis())
                .setIssuedBy(System.getProperty("user.name", ""))
                .build();
        send(List.of(release));
        return release;
    }

    /**
     * Makes the releases again what they were at a moment, where they are not: what was released since is retired, and
     * all of the moment are issued anew in their order. Even those that are as they were, since a job that ignores older
     * releases would else ignore as well what the guard says of them, which bears the time of the release that it ends.
     *
     * @param moment the releases in a savepoint, in any order
     * @return what was issued; nothing if the releases are those of the moment
     */
    public List<ModelRelease> restore(List<ModelRelease> moment, String reason) {
        List<ModelRelease> issued = difference(list(), moment, reason, System.currentTimeMillis());
        send(issued);
        return issued;
    }

    static List<ModelRelease> difference(
            List<ModelRelease> present, List<ModelRelease> moment, String reason, long nowMillis) {
        Map<String, ModelRelease> then =
                moment.stream().collect(Collectors.toMap(ReleasePlan::key, each -> each, (first, last) -> last));
        long newest = moment.stream().mapToLong(ModelRelease::getIssuedAt).max().orElse(Long.MAX_VALUE);
        // One that was retired since counts: a rollback that was broken off retires first, and what came before that
        // must
        // not score again when the job reads it once more.
        List<ModelRelease> since = present.stream()
                .filter(each -> !each.equals(then.get(ReleasePlan.key(each))))
                .filter(each -> then.containsKey(ReleasePlan.key(each))
                        || each.getStage() != ReleaseStage.RETIRED
                        || each.getIssuedAt() > newest)
                .toList();
        if (since.isEmpty()) {
            return List.of();
        }
        List<ModelRelease> wanted = new ArrayList<>();
        since.stream()
                .filter(each -> !then.containsKey(ReleasePlan.key(each)) && each.getStage() != ReleaseStage.RETIRED)
                .map(each -> ModelRelease.newBuilder(each)
                        .setStage(ReleaseStage.RETIRED)
                        .setTrafficPercent(0)
                        .build())
                .forEach(wanted::add);
        wanted.addAll(ReleasePlan.of(moment).releases());
        List<ModelRelease> issued = new ArrayList<>();
        for (ModelRelease release : wanted) {
            issued.add(ModelRelease.newBuilder(release)
                    .setReason(reason)
                    .setIssuedAt(nowMillis + issued.size())
                    .setIssuedBy(System.getProperty("user.name", ""))
                    .build());
        }
        return issued;
    }

    /**
     * A release of a package that is in no stage yet.
     *
     * @throws CommandFailedException if there is no such package
     */
    public static ModelRelease firstOf(Path registry, String model, String version) {
        Path folder = new Path(new Path(registry, model), version);
        return ModelRelease.newBuilder()
                .setModel(model)
                .setVersion(version)
                .setPackageUri(folder.toString())
                .setSha256(manifestSum(folder))
                .setStage(ReleaseStage.UNKNOWN)
                .setIssuedAt(0)
                .build();
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

    /**
     * Issues releases, in their order.
     *
     * @throws CommandFailedException if Kafka refuses; those before the one that is named have been issued
     */
    public void send(List<ModelRelease> releases) {
        RecordCodec<ModelRelease> codec = RecordCodec.of(ModelRelease.class);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ModelRelease release : releases) {
                byte[] key = ReleasePlan.key(release).getBytes(StandardCharsets.UTF_8);
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, codec.encode(release));
                record.headers().add(OutputHeaders.SITE_EPOCH, OutputHeaders.epoch(siteEpoch));
                send(producer, release, record);
            }
        }
    }

    private Map<String, Object> settings() {
        return kafka.client(Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis() / 2,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                PATIENCE.toMillis()));
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer, ModelRelease release, ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Kafka at " + kafka + " did not confirm the release of " + ReleasePlan.key(release) + " as "
                            + release.getStage() + " on " + topic + ": " + e.getCause() + ". It may have been issued"
                            + " all the same: look with rebound model list, and repeat the command if it is not there",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while publishing to " + topic, e);
        }
    }

    /** The newest release of each version, by model and version. */
    public List<ModelRelease> list() {
        RecordCodec<ModelRelease> codec = RecordCodec.of(ModelRelease.class);
        Map<String, ModelRelease> newest = new TreeMap<>();
        try (TopicReader reader = new TopicReader(kafka, List.of(topic))) {
            reader.readToEnd(record -> {
                try {
                    ModelRelease release = codec.decode(record.value(), null);
                    newest.put(ReleasePlan.key(release), release);
                } catch (UndecodableRecordException e) {
                    damaged.accept(topic + "-" + record.partition() + "@" + record.offset()
                            + " is no release and passed over, as jobs do: " + e.getMessage());
                }
            });
        }
        return new ArrayList<>(newest.values());
    }
}
