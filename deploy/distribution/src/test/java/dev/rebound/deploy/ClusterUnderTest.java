package dev.rebound.deploy;

import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.KafkaCluster;

/** A Kafka, an HDFS and a Flink that a fault is injected into; processes or containers. */
interface ClusterUnderTest {

    /** Kafka's address for this JVM; the job may have to use another one. */
    KafkaCluster kafka();

    FlinkRest rest();

    /** Trains on what a made-up shop has seen, and writes the package into the cluster's registry. */
    void trainModel(long seed, int events, String version);

    /** Makes a package of the registry live. */
    void publishModel(String topicPrefix, String version);

    /**
     * Submits the recommendation job and waits until all of its tasks run.
     *
     * @return the job's id
     */
    String submit(String topicPrefix);

    /** Kills one with SIGKILL and returns when it is gone. */
    void killATaskManager();

    /** Starts one in the place of the one that was killed. */
    void replaceTheTaskManager();
}
