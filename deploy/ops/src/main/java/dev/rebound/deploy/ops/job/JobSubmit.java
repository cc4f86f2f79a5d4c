package dev.rebound.deploy.ops.job;

import dev.rebound.deploy.local.KafkaTopics;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import java.util.LinkedHashMap;
import java.util.List;
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
    @Option(names = "--from-savepoint", paramLabel = "PATH", description = "Begin with this state.")
    private @Nullable String savepoint;

    @Option(
            names = {"--job", "--main-class"},
            paramLabel = "JOB",
            converter = JobClass.class,
            description = "recommendation (the default), model-training, or another main class of the jar.")
    private @Nullable String mainClass;

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
        Map<String, String> options = new LinkedHashMap<>();
        options.put("kafka.bootstrap-servers", stack.bootstrapServers());
        options.put("kafka.topic-prefix", topicPrefix);
        options.putAll(ParameterTool.fromArgs(jobOptions.toArray(String[]::new)).toMap());
        KafkaTopics.create(stack.bootstrapServers(), options.get("kafka.topic-prefix"));
        output.progress("submitting " + stack.layout().jobJar());
        String jobId = new RecommendationJobs(stack).submit(mainClass, savepoint, options);
        output.result(Map.of("jobId", jobId), out -> out.println("Job " + jobId + " runs; see " + stack.flinkRest()));
        return 0;
    }
}
