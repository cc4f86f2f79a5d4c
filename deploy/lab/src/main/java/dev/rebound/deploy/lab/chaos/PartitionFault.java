package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.schemas.Topic;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** A partition of the events falls silent, or one is added. */
final class PartitionFault implements Fault {
    private static final int IDLE_MILLIS = 15_000;

    /** What becomes of a partition. */
    enum Change {
        IDLE(
                "partition-idle",
                "no event goes to one partition for longer than the idleness of the sources: the watermark moves on, and"
                        + " what comes late counts") {
            @Override
            void begin(Target target, SplittableRandom random) {
                int partitions = partitions(target);
                int idle = random.nextInt(partitions);
                target.load().hold(record -> goesTo(record, partitions) == idle);
            }

            @Override
            void end(Target target) {
                target.load().release();
            }
        },
        ADDED("partition-added", "the events get one more partition: it is found and read, within half a minute") {
            @Override
            void begin(Target target, SplittableRandom random) {
                // Users move to other partitions, so that the order of their events is kept only if no event is on its
                // way.
                target.load().stop();
                target.oracle().reconcile();
                add(target, partitions(target) + 1);
                target.load().renew();
                target.load().start();
            }

            @Override
            void end(Target target) {}
        };

        private final String faultName;
        private final String description;

        Change(String faultName, String description) {
            this.faultName = faultName;
            this.description = description;
        }

        abstract void begin(Target target, SplittableRandom random);

        abstract void end(Target target);
    }

    private final Change change;

    PartitionFault(Change change) {
        this.change = change;
    }

    @Override
    public String name() {
        return change.faultName;
    }

    @Override
    public String description() {
        return change.description;
    }

    @Override
    public boolean takesLong() {
        return change == Change.ADDED;
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        change.begin(target, random);
        return System.currentTimeMillis();
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return change == Change.IDLE ? IDLE_MILLIS : 0;
    }

    @Override
    public void heal(Target target) {
        change.end(target);
    }

    /** As the producer decides; a record without a key, which is never an event of a user, belongs to none. */
    private static int goesTo(FeedRecord record, int partitions) {
        return record.key() == null ? -1 : BuiltInPartitioner.partitionForKey(record.key(), partitions);
    }

    private static String events(Target target) {
        return Topic.BEHAVIOUR_EVENTS.topicName(target.topicPrefix());
    }

    private static int partitions(Target target) {
        try (Admin admin = admin(target)) {
            return admin.describeTopics(List.of(events(target)))
                    .allTopicNames()
                    .get()
                    .get(events(target))
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Can't count the partitions of " + events(target) + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while counting the partitions of " + events(target), e);
        }
    }

    private static void add(Target target, int total) {
        try (Admin admin = admin(target)) {
            admin.createPartitions(Map.of(events(target), NewPartitions.increaseTo(total)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new CommandFailedException("Can't add a partition to " + events(target) + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while adding a partition to " + events(target), e);
        }
        Target.await("the new partition is there", () -> partitions(target) == total);
    }

    private static Admin admin(Target target) {
        return target.stack().kafka().admin();
    }
}
