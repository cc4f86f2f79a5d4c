package dev.rebound.deploy.cli.model;

import picocli.CommandLine.Command;

/** {@code rebound model}. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Ranking models: packages in a registry, and the releases that make jobs use them.",
        subcommands = {
            ModelTrain.class,
            ModelMoments.class,
            ModelFeatures.class,
            ModelPublish.class,
            ModelShadow.class,
            ModelCanary.class,
            ModelLight.class,
            ModelPromote.class,
            ModelRollback.class,
            ModelRetire.class,
            ModelList.class,
            ModelVariant.class,
            ModelPrune.class,
            ModelKeygen.class,
            ModelReportCommand.class
        })
public final class ModelCommand {}
