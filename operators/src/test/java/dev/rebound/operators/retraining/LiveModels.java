package dev.rebound.operators.retraining;

import dev.rebound.operators.release.ModelPackages;
import dev.rebound.operators.training.RankerTrainer;
import dev.rebound.operators.training.TastefulShop;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.nio.file.Path;
import java.time.Instant;

/** Versions of a model in a registry, trained on {@link TastefulShop}, for a shop to go on from. */
public final class LiveModels {
    private final org.apache.flink.core.fs.Path registry;

    public LiveModels(Path registry) {
        this.registry = new org.apache.flink.core.fs.Path(registry.toUri());
    }

    /** Has seen so little that it orders by chance. */
    public ModelRelease ignorant(String version) throws Exception {
        return train(version, 60, 1, 1e-6f);
    }

    /** Knows the taste of the shop's users. */
    public ModelRelease knowing(String version) throws Exception {
        return train(version, 3000, 8, 1e-2f);
    }

    private ModelRelease train(String version, int moments, int epochs, float learningRate) throws Exception {
        var options = new TrainerOptions(
                16,
                1,
                1,
                3e-3f,
                32,
                epochs,
                3,
                128,
                learningRate,
                0f,
                0.2,
                TrainerOptions.defaults(7).classWeights(),
                7);
        var trainer = new RankerTrainer(
                TastefulShop.moments(moments), TastefulShop.encoder(50, options), options, report -> {});
        try (TrainedRanker ranker = trainer.train()) {
            var folder = ranker.write(registry, "ranker", version, Instant.EPOCH);
            return ModelRelease.newBuilder()
                    .setModel("ranker")
                    .setVersion(version)
                    .setPackageUri(folder.toString())
                    .setSha256(ModelPackages.sha256(ModelPackages.readManifest(folder)))
                    .setStage(ReleaseStage.LIVE)
                    .setTrafficPercent(100)
                    .setIssuedAt(1)
                    .setIssuedBy("somebody")
                    .build();
        }
    }
}
