package dev.rebound.deploy.site;

import dev.rebound.checkpoints.Environment;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One Kafka, one Flink and one file system that belong together, and how they are reached. Every verb is done to one. */
public interface Site {
    /** Of a site that has taken over from no other; what a job writes that was given none. */
    long FIRST_EPOCH = 1;

    /** Part of transactional ids: no two sites that share a Kafka may have the same. */
    String name();

    /** Grows with every take-over by another site; part of every output. As far as this machine knows. */
    long epoch();

    /** Has this machine know of a take-over by the site. Where a file describes the site, people change that. */
    default void noteEpoch(long epoch) {}

    KafkaCluster kafka();

    /** The options by which a job reaches the same Kafka. */
    default Map<String, String> jobKafkaOptions() {
        return Map.of("kafka.bootstrap-servers", kafka().bootstrapServers());
    }

    /** How topics are named and made. */
    TopicSettings topics();

    FlinkCluster flink();

    SiteFiles files();

    /** Where its backups are kept; empty where nobody has said it. */
    default Optional<URI> backups() {
        return Optional.empty();
    }

    /** The jobs of this distribution. */
    Path jobJar();

    /** A folder of this machine for what is fetched or rendered for the site. */
    Path scratch();

    /** Folders of this machine with what it was set up with, which a backup keeps. */
    List<Path> settingsFolders();

    /** What to look into when something of it fails, for people: folders or where its logs are. */
    String logs();

    /** Whether its topics are made by whoever needs them. On a cluster of others, only what says so makes topics. */
    default boolean ownsItsTopics() {
        return false;
    }

    /** By which rules its settings are judged. */
    default Environment environment() {
        return Environment.PRODUCTION;
    }

    /** How many TaskManagers there must be; 0 where nobody has said. */
    default int expectedTaskManagers() {
        return 0;
    }

    /** The names of its processes that should run and do not; of a cluster of others nobody here can tell. */
    default List<String> stopped() {
        return List.of();
    }
}
