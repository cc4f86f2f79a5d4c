package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.Alert;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A package with a flipped byte is made live: it must be refused, and an alert must say so. That it scores nothing is seen by
 * whoever compares the outputs.
 */
final class ModelFault implements Fault {
    private static final String REFUSED = "MODEL_REFUSED";
    private static final Patience PATIENCE = Patience.of(Duration.ofMinutes(1), Duration.ofMillis(200));

    private final String model;
    private final String version;
    private final List<String> findings = new ArrayList<>();
    private OptionalLong toldMillis = OptionalLong.empty();
    private String tampered = "";

    /** @param version the good one that serves */
    ModelFault(String model, String version) {
        this.model = model;
        this.version = version;
    }

    @Override
    public String name() {
        return "model-tampered";
    }

    @Override
    public String description() {
        return "a package with a flipped byte is made live: refused, the running version serves on";
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        findings.clear();
        toldMillis = OptionalLong.empty();
        tampered = version + "-tampered-" + Long.toHexString(random.nextLong());
        try {
            copy(
                    new Path(target.registry(), model + "/" + version),
                    new Path(target.registry(), model + "/" + tampered));
        } catch (IOException e) {
            throw new CommandFailedException("Can't write a tampered package into " + target.registry() + ": " + e, e);
        }
        long struckMillis = System.currentTimeMillis();
        new ModelReleases(
                        target.stack().kafka(),
                        target.topicPrefix(),
                        target.stack().epoch())
                .publish(target.registry(), model, tampered, "chaos");
        return struckMillis;
    }

    @Override
    public void heal(Target target) {
        String subject = model + "/" + tampered;
        List<Alert> alerts = PATIENCE.get(() -> alertsOn(target, subject), found -> !found.isEmpty());
        toldMillis = alerts.stream().mapToLong(Alert::getRaisedAt).min();
        if (toldMillis.isEmpty()) {
            findings.add("no alert of topic " + topic(target) + " says " + REFUSED + " of " + subject);
        }
    }

    private static List<Alert> alertsOn(Target target, String subject) {
        RecordCodec<Alert> codec = RecordCodec.of(Alert.class);
        List<Alert> found = new ArrayList<>();
        try (TopicReader reader = new TopicReader(target.stack().kafka(), List.of(topic(target)))) {
            reader.readToEnd(record -> {
                Alert alert = decode(codec, record);
                if (alert.getReason().equals(REFUSED) && alert.getSubject().equals(subject)) {
                    found.add(alert);
                }
            });
        }
        return found;
    }

    private static Alert decode(RecordCodec<Alert> codec, ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.decode(record.value(), null);
        } catch (UndecodableRecordException e) {
            throw new CommandFailedException(
                    "Offset " + record.offset() + " of " + record.topic() + " is no alert: " + e.getMessage(), e);
        }
    }

    private static String topic(Target target) {
        return Topic.ALERTS.topicName(target.topicPrefix());
    }

    @Override
    public OptionalLong toldMillis() {
        return toldMillis;
    }

    @Override
    public List<String> findings() {
        return List.copyOf(findings);
    }

    private static void copy(Path from, Path to) throws IOException {
        FileSystem files = from.getFileSystem();
        for (FileStatus file : files.listStatus(from)) {
            byte[] bytes;
            try (var in = files.open(file.getPath())) {
                bytes = in.readAllBytes();
            }
            if (file.getPath().getName().endsWith(".params")) {
                bytes[bytes.length / 2] ^= 1;
            }
            try (OutputStream out = files.create(new Path(to, file.getPath().getName()), WriteMode.NO_OVERWRITE)) {
                out.write(bytes);
            }
        }
    }
}
