package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import dev.rebound.deploy.lab.training.ModelTraining;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.KafkaCluster;
import java.util.Map;

/** The local stack as a cluster to inject faults into. */
record ProcessesUnderTest(LocalStack stack) implements ClusterUnderTest {
    private static final String MODEL = "ranker";

    @Override
    public KafkaCluster kafka() {
        return stack.kafka();
    }

    @Override
    public FlinkRest rest() {
        return stack.rest();
    }

    @Override
    public void trainModel(long seed, int events, String version) {
        ShopGenerator shop = ShopGenerator.of(seed, events);
        new ModelTraining(seed, System.out::println)
                .train(shop.history(events), events, stack.files().registry(), MODEL, version);
    }

    @Override
    public void publishModel(String topicPrefix, String version) {
        new ModelReleases(stack.kafka(), topicPrefix, stack.epoch())
                .publish(stack.files().registry(), MODEL, version, "test");
    }

    @Override
    public String submit(String topicPrefix) {
        Map<String, String> options = Map.of(
                "kafka.bootstrap-servers",
                stack.kafka().bootstrapServers(),
                "kafka.topic-prefix",
                topicPrefix,
                "kafka.group-id",
                topicPrefix + "job");
        return new RecommendationJobs(stack).submit(null, null, options);
    }

    @Override
    public void killATaskManager() {
        ManagedProcess victim = stack.taskManagers().get(0);
        victim.kill();
        assertThat(victim.isAlive()).isFalse();
    }

    @Override
    public void replaceTheTaskManager() {
        stack.startTaskManager(ProgressListener.SILENT);
    }
}
