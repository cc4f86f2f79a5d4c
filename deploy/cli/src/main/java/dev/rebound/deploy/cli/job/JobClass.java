package dev.rebound.deploy.cli.job;

import dev.rebound.jobs.ModelTrainingJob;
import dev.rebound.jobs.RecommendationJob;
import picocli.CommandLine.ITypeConverter;

/** Reads the name of a job as its main class; what is no name is a class itself. */
final class JobClass implements ITypeConverter<String> {

    @Override
    public String convert(String value) {
        return switch (value) {
            case "recommendation" -> RecommendationJob.class.getName();
            case "model-training" -> ModelTrainingJob.class.getName();
            default -> value;
        };
    }
}
