package dev.rebound.deploy.control.job;

import dev.rebound.deploy.control.epoch.EpochClaims;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.ModelTrainingJob;
import dev.rebound.jobs.RecommendationJob;
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
     * The options of a job on a site: what it was submitted with before, if it was, and what is given now. What the site says
     * of itself always counts: a job that came from elsewhere must not write to there.
     *
     * @param topicPrefix null for that of before, or of the site
     * @param given as on the command line
     */
    public static Map<String, String> options(
            Site site, Optional<JobOrigin> before, @Nullable String topicPrefix, List<String> given) {
        Map<String, String> options = new LinkedHashMap<>();
        before.ifPresent(job -> options.putAll(job.options()));
        options.putAll(site.jobKafkaOptions());
        options.put(JobOptions.SITE_NAME.key(), site.name());
        options.put(JobOptions.SITE_EPOCH.key(), String.valueOf(new EpochClaims(site).current()));
        if (topicPrefix != null) {
            options.put(JobOptions.TOPIC_PREFIX.key(), topicPrefix);
        } else {
            options.putIfAbsent(JobOptions.TOPIC_PREFIX.key(), site.topics().prefix());
        }
        options.putAll(ParameterTool.fromArgs(given.toArray(String[]::new)).toMap());
        return options;
    }

    /** In which it writes; the first where it does not say. */
    public long epoch() {
        return Long.parseLong(options.getOrDefault(JobOptions.SITE_EPOCH.key(), String.valueOf(Site.FIRST_EPOCH)));
    }

    JobLaunch from(String otherSavepoint) {
        return new JobLaunch(jar, mainClass, options, otherSavepoint, dropsState, parallelism);
    }

    /** The name that the job will have in Flink; empty for a main class of others. */
    Optional<String> jobName() {
        if (mainClass == null || mainClass.equals(RecommendationJob.class.getName())) {
            return Optional.of(RecommendationJob.JOB_NAME);
        }
        return mainClass.equals(ModelTrainingJob.class.getName())
                ? Optional.of(ModelTrainingJob.JOB_NAME)
                : Optional.empty();
    }

    /** As those of {@code flink run}. */
    public List<String> flinkOptions() {
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

    /** Of the job's main. */
    public List<String> jobArguments() {
        List<String> arguments = new ArrayList<>();
        options.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }
}
