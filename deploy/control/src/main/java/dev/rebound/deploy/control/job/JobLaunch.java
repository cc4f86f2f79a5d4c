package dev.rebound.deploy.ops.job;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.savepoint.JobOrigin;
import dev.rebound.jobs.JobOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.util.ParameterTool;
import org.jspecify.annotations.Nullable;

/**
 * What is to be submitted.
 *
 * @param mainClass null for the jar's own
 * @param options of the job, by key
 * @param savepoint to start from, null for an empty state
 * @param dropsState whether the savepoint may hold operators that the job does not have; Flink then drops any, so that
 *     whoever sets it has checked which they are
 * @param parallelism of every operator; null for the cluster's default
 */
public record JobLaunch(
        Path jar,
        @Nullable String mainClass,
        Map<String, String> options,
        @Nullable String savepoint,
        boolean dropsState,
        @Nullable Integer parallelism) {

    public JobLaunch(
            Path jar,
            @Nullable String mainClass,
            Map<String, String> options,
            @Nullable String savepoint,
            boolean dropsState) {
        this(jar, mainClass, options, savepoint, dropsState, null);
    }

    /**
     * The options of a job on this stack: what it was submitted with before, if it was, and what is given now.
     *
     * @param given as on the command line
     */
    static Map<String, String> options(LocalStack stack, Optional<JobOrigin> before, List<String> given) {
        Map<String, String> options = new LinkedHashMap<>();
        before.ifPresent(job -> options.putAll(job.options()));
        options.put(JobOptions.BOOTSTRAP_SERVERS.key(), stack.bootstrapServers());
        options.putAll(ParameterTool.fromArgs(given.toArray(String[]::new)).toMap());
        return options;
    }

    JobLaunch from(String otherSavepoint) {
        return new JobLaunch(jar, mainClass, options, otherSavepoint, dropsState, parallelism);
    }

    List<String> flinkOptions() {
        List<String> flinkOptions = new ArrayList<>();
        if (mainClass != null) {
            flinkOptions.addAll(List.of("-c", mainClass));
        }
        if (savepoint != null) {
            flinkOptions.addAll(List.of("-s", savepoint));
        }
        if (parallelism != null) {
            flinkOptions.addAll(List.of("-p", parallelism.toString()));
        }
        if (dropsState) {
            flinkOptions.add("--allowNonRestoredState");
        }
        return flinkOptions;
    }

    List<String> jobArguments() {
        List<String> arguments = new ArrayList<>();
        options.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }
}
