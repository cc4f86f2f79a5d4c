package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.savepoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * How a site that was taken over from stood when it began to stand by for the other one. What it had in its inputs until then
 * has been read by the other site's job where that is past what was there then.
 *
 * @param epoch of the other site
 * @param sentAgain inputs that had not arrived there and were sent, by topic
 * @param releases that had not arrived there and were not sent, since they would undo what was decided there
 * @param own ends of this site's inputs
 * @param others ends of the other site's inputs, after what was sent
 */
record RejoinPoint(
        long epoch,
        Map<String, Long> sentAgain,
        long releases,
        List<PartitionOffset> own,
        List<PartitionOffset> others) {

    void write(Path root) {
        Path file = file(root, epoch);
        try {
            file.getFileSystem().mkdirs(file.getParent());
            JsonFile.write(file, this);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file, e);
        }
    }

    /** Empty where the site was not taken over from in that epoch. */
    static Optional<RejoinPoint> read(Path root, long epoch) {
        Path file = file(root, epoch);
        try {
            return JsonFile.find(file, RejoinPoint.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Path file(Path root, long epoch) {
        return new Path(new Path(root, "standby-primary"), "rejoined-" + epoch + ".json");
    }

    /** Whether the other site's job had read all that this site had, when it was in that state. */
    boolean isBefore(StandbyPoint state) {
        Map<TopicPartition, Long> needed = PartitionOffset.mapOf(others);
        return state.sources().stream().allMatch(source -> {
            long end = needed.getOrDefault(new TopicPartition(source.topic(), source.partition()), 0L);
            // Of a partition where it has read nothing, a state holds no offset but that it is to begin.
            return end == 0 || source.offset() >= end;
        });
    }

    /** From where on this site's inputs may hold what that job had not read. */
    Map<TopicPartition, Long> floor() {
        return PartitionOffset.mapOf(own);
    }
}
