package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.ops.job.RecommendationJobs;
import dev.rebound.deploy.ops.model.ModelReleases;
import dev.rebound.deploy.ops.model.ModelTraining;
import dev.rebound.deploy.ops.model.RegistryOptions;
import dev.rebound.deploy.ops.shop.ShopGenerator;
import java.util.Map;

/** The local stack as a cluster to inject faults into. */
record ProcessesUnderTest(LocalStack stack) implements ClusterUnderTest {
    private static final String MODEL = "ranker";

    @Override
    public String bootstrapServers() {
        return stack.bootstrapServers();
    }

    @Override
    public FlinkRest rest() {
        return stack.rest();
    }

    @Override
    public void trainModel(long seed, int events, String version) {
        ShopGenerator shop = ShopGenerator.of(seed, events);
        new ModelTraining(seed, System.out::println)
                .train(shop.history(events), events, RegistryOptions.of(stack), MODEL, version);
    }

    @Override
    public void publishModel(String topicPrefix, String version) {
        new ModelReleases(stack.bootstrapServers(), topicPrefix)
                .publish(RegistryOptions.of(stack), MODEL, version, "test");
    }

    @Override
    public String submit(String topicPrefix) {
        Map<String, String> options = Map.of(
                "kafka.bootstrap-servers",
                stack.bootstrapServers(),
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
