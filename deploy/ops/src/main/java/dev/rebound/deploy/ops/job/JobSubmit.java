package dev.rebound.deploy.ops.job;

import dev.rebound.deploy.local.KafkaTopics;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.savepoint.StoredSavepoint;
import dev.rebound.jobs.JobOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.util.ParameterTool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound job submit}. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Submits the job, as `flink run` does, and waits until all of its tasks run.")
final class JobSubmit implements Callable<Integer> {
    @Option(
            names = "--from-savepoint",
            paramLabel = "ID",
            description = "Begin with this state, by name or path; refused if the job can't restore all of it.")
    private @Nullable String savepoint;

    @Option(
            names = {"--job", "--main-class"},
            paramLabel = "JOB",
            converter = JobClass.class,
            description = "recommendation (the default), model-training, or another main class of the jar.")
    private @Nullable String mainClass;

    @Option(names = "--jar", paramLabel = "FILE", description = "The job jar; that of this distribution unless given.")
    private @Nullable Path jar;

    @Option(
            names = "--upgrade",
            description =
                    "Replace the running job: stop it with a savepoint, start this jar from it with the same options"
                            + " and those given, and go back by itself, with exit code 1, if it does not become healthy.")
    private boolean upgrade;

    @Option(
            names = "--healthy-within",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "With --upgrade: in which all tasks must run and a checkpoint complete, without a restart"
                    + " (default: ${DEFAULT-VALUE}).")
    private long healthyWithinSeconds;

    @Option(
            names = "--topic-prefix",
            defaultValue = "rebound.",
            description = "What stands before every topic's name (default: ${DEFAULT-VALUE}).")
    private String topicPrefix;

    @Parameters(
            paramLabel = "--KEY VALUE",
            arity = "0..*",
            description = "Options of the job, after a `--`, for example: -- --scoring.batch-size 32")
    private List<String> jobOptions = List.of();

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        LocalStack stack = ClusterOptions.localStack();
        Path job = jar == null ? stack.layout().jobJar() : jar;
        if (upgrade) {
            return upgrade(stack, job);
        }
        RecommendationJobs jobs = new RecommendationJobs(stack);
        Map<String, String> options = new LinkedHashMap<>();
        options.put("kafka.bootstrap-servers", stack.bootstrapServers());
        options.put("kafka.topic-prefix", topicPrefix);
        @Nullable String path = null;
        if (savepoint != null) {
            StoredSavepoint stored = jobs.savepoints().find(savepoint);
            path = stored.path().toString();
            stored.manifest()
                    .map(each -> each.job().options().get(JobOptions.SINK_GENERATION.key()))
                    .ifPresent(generation -> options.put(JobOptions.SINK_GENERATION.key(), generation));
        }
        options.putAll(ParameterTool.fromArgs(jobOptions.toArray(String[]::new)).toMap());
        JobLaunch launch = new JobLaunch(job, mainClass, options, path, false);
        requireRestorable(stack, launch);
        KafkaTopics.create(stack.bootstrapServers(), options.get("kafka.topic-prefix"));
        output.progress("submitting " + job);
        String jobId = jobs.submit(launch);
        output.result(Map.of("jobId", jobId), out -> out.println("Job " + jobId + " runs; see " + stack.flinkRest()));
        return 0;
    }

    private static void requireRestorable(LocalStack stack, JobLaunch launch) {
        if (launch.savepoint() == null) {
            return;
        }
        CompatibilityReport report = new CompatibilityCheck(stack.flink()).check(launch);
        if (!report.isCompatible()) {
            throw new CommandFailedException(
                    "This job can't go on from " + launch.savepoint() + ": " + String.join("; ", report.problems()));
        }
    }

    private int upgrade(LocalStack stack, Path job) {
        Upgrade.Result result = new Upgrade(stack, output)
                .run(
                        new RecommendationJobs(stack).findSubmittedAs(mainClass),
                        job,
                        mainClass,
                        jobOptions,
                        Duration.ofSeconds(healthyWithinSeconds));
        output.result(result, out -> {
            if (result.problem() != null) {
                out.println("WENT BACK: " + result.problem());
            }
            out.printf(Locale.ROOT, "Job %s runs, after %.1f s.%n", result.jobId(), result.seconds());
        });
        return result.problem() == null ? 0 : 1;
    }
}
