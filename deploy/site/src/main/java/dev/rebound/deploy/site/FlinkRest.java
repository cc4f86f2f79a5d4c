package dev.rebound.deploy.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of a Flink cluster from its REST API.
 *
 * <p>Every method throws {@link FlinkRestException} when the cluster can't be reached or refuses the request.
 */
public final class FlinkRest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Metric names go into the address; a cluster refuses addresses longer than 4 KB. */
    private static final int METRICS_PER_REQUEST = 20;

    private static final String CAUSED_BY = "Caused by: ";

    private final List<URI> addresses;
    private final Duration patience;
    private final HttpClient client;
    private volatile URI address;
    private final ObjectMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public FlinkRest(URI address) {
        this(List.of(address));
    }

    /**
     * @param addresses of JobManagers that stand by for each other: whichever is there forwards to the leader
     */
    public FlinkRest(List<URI> addresses) {
        this(addresses, PATIENCE);
    }

    private FlinkRest(List<URI> addresses, Duration patience) {
        this.addresses = List.copyOf(addresses);
        this.address = addresses.get(0);
        this.patience = patience;
        this.client = HttpClient.newBuilder().connectTimeout(patience).build();
    }

    /** The same cluster, asked by who cannot wait longer than this for one JobManager before turning to the next. */
    public FlinkRest within(Duration patienceWithEach) {
        return new FlinkRest(addresses, patienceWithEach);
    }

    /** The one that answered last. */
    public URI address() {
        return address;
    }

    /** Of every JobManager. */
    public List<URI> addresses() {
        return addresses;
    }

    /** The JobManagers that do not answer, leading or standing by. */
    public List<URI> silent() {
        return addresses.stream().filter(each -> !answers(each)).toList();
    }

    /** One that knows no leader refuses everything, and is there. */
    private boolean answers(URI jobManager) {
        HttpRequest request = HttpRequest.newBuilder(jobManager.resolve("/config"))
                .timeout(patience)
                .build();
        try {
            client.send(request, BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkRestException("Interrupted while waiting for " + request.uri(), e);
        }
    }

    /** Slots and TaskManagers of the cluster. */
    public record Overview(
            @JsonProperty("taskmanagers") int taskManagers,
            @JsonProperty("slots-total") int slotsTotal,
            @JsonProperty("slots-available") int slotsAvailable,
            @JsonProperty("jobs-running") int jobsRunning) {}

    /** @param path the RPC address, with the port */
    public record TaskManagerInfo(String id, String path, int dataPort, int slotsNumber, int freeSlots) {}

    /** @param state Flink's job status, for example RUNNING, RESTARTING, FINISHED, FAILED */
    public record Job(
            @JsonProperty("jid") String id,
            String name,
            String state,
            @JsonProperty("start-time") long startTimeMillis,
            @JsonProperty("end-time") long endTimeMillis) {

        /** Whether the job has ended, well or not. */
        public boolean ended() {
            return List.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED").contains(state);
        }
    }

    /** @param status the execution state of its tasks, aggregated */
    public record Vertex(String id, String name, int parallelism, String status) {}

    public record JobDetails(@JsonProperty("jid") String id, String name, String state, List<Vertex> vertices) {

        /** Whether every task runs, not just the job: a job is RUNNING while its tasks still deploy. */
        public boolean allRunning() {
            return "RUNNING".equals(state) && vertices.stream().allMatch(vertex -> "RUNNING".equals(vertex.status()));
        }
    }

    public record CheckpointCounts(
            long restored,
            long total,
            @JsonProperty("in_progress") long inProgress,
            long completed,
            long failed) {}

    /**
     * @param stateSizeBytes of all that it refers to
     * @param checkpointedBytes of that, what was written for it
     */
    public record Checkpoint(
            long id,
            @JsonProperty("external_path") @Nullable String externalPath,
            @JsonProperty("trigger_timestamp") long triggeredAtMillis,
            @JsonProperty("end_to_end_duration") long durationMillis,
            @JsonProperty("state_size") long stateSizeBytes,
            @JsonProperty("checkpointed_size") long checkpointedBytes,
            @JsonProperty("is_savepoint") boolean savepoint) {}

    public record FailedCheckpoint(
            long id,
            @JsonProperty("failure_message") @Nullable String message) {}

    public record LatestCheckpoints(
            @Nullable Checkpoint completed,
            @Nullable Checkpoint savepoint,
            @Nullable FailedCheckpoint failed) {}

    /** @param history the newest ones first, failed ones too */
    public record Checkpoints(CheckpointCounts counts, LatestCheckpoints latest, List<Checkpoint> history) {

        public Optional<Checkpoint> latestCompleted() {
            return Optional.ofNullable(latest.completed());
        }

        /** Why the newest checkpoint failed; empty where a later one completed. */
        public Optional<String> failureOfNewest() {
            long completed = latestCompleted().map(Checkpoint::id).orElse(-1L);
            return Optional.ofNullable(latest.failed())
                    .filter(failed -> failed.id() > completed)
                    .map(failed ->
                            String.valueOf(failed.message()).lines().findFirst().orElse(""));
        }
    }

    /**
     * What made a job fail or restart once.
     *
     * @param taskManager where the task was that failed first; null if it was none
     */
    public record Failure(
            @JsonProperty("stacktrace") String stackTrace,
            @JsonProperty("timestamp") long atMillis,
            @JsonProperty("taskManagerId") @Nullable String taskManager) {

        /** The innermost cause, without its trace. */
        public String cause() {
            return stackTrace
                    .lines()
                    .filter(line -> line.startsWith(CAUSED_BY))
                    .reduce((outer, inner) -> inner)
                    .map(line -> line.substring(CAUSED_BY.length()))
                    .orElseGet(() -> stackTrace.lines().findFirst().orElse(""));
        }
    }

    private record TaskManagers(List<TaskManagerInfo> taskmanagers) {}

    private record Jobs(List<Job> jobs) {}

    private record JobConfig(
            @JsonProperty("execution-config") ExecutionConfig execution) {}

    private record ExecutionConfig(
            @JsonProperty("user-config") Map<String, String> user) {}

    private record Metric(String id, @Nullable Double sum) {}

    private record Exceptions(
            @JsonProperty("exceptionHistory") @Nullable ExceptionHistory history) {}

    private record ExceptionHistory(List<Failure> entries) {}

    public Overview overview() {
        return get("/overview", json.constructType(Overview.class));
    }

    public List<TaskManagerInfo> taskManagers() {
        TaskManagers all = get("/taskmanagers", json.constructType(TaskManagers.class));
        return all.taskmanagers();
    }

    /** All jobs that the cluster remembers, ended ones too. */
    public List<Job> jobs() {
        Jobs all = get("/jobs/overview", json.constructType(Jobs.class));
        return all.jobs();
    }

    public JobDetails job(String jobId) {
        return get("/jobs/" + jobId, json.constructType(JobDetails.class));
    }

    /** The options that the job was submitted with. */
    public Map<String, String> jobParameters(String jobId) {
        JobConfig config = get("/jobs/" + jobId + "/config", json.constructType(JobConfig.class));
        return config.execution().user();
    }

    public Checkpoints checkpoints(String jobId) {
        return get("/jobs/" + jobId + "/checkpoints", json.constructType(Checkpoints.class));
    }

    /** The stack trace of the failure that made the job fail or restart last. */
    public Optional<String> latestFailure(String jobId) {
        return failures(jobId).stream().findFirst().map(Failure::stackTrace);
    }

    /** What made the job fail or restart, the latest first. */
    public List<Failure> failures(String jobId) {
        Exceptions exceptions = get("/jobs/" + jobId + "/exceptions", json.constructType(Exceptions.class));
        ExceptionHistory history = exceptions.history();
        return history == null ? List.of() : history.entries();
    }

    /** Asks the job to end; it has ended only when {@link #job} says so. */
    public void cancel(String jobId) {
        send("PATCH", "/jobs/" + jobId + "?mode=cancel");
    }

    /** Names of the metrics that the tasks of a vertex report, operators' with their operator's name in front. */
    public List<String> metricNames(String jobId, String vertexId) {
        List<Metric> metrics = get(metricsPath(jobId, vertexId), metricList());
        return metrics.stream().map(Metric::id).toList();
    }

    /**
     * Sums metrics over the subtasks of one vertex.
     *
     * @return value by metric name; a metric that is unknown or no number is missing
     */
    public Map<String, Double> metricSums(String jobId, String vertexId, Collection<String> names) {
        Map<String, Double> sums = new HashMap<>();
        List<String> all = List.copyOf(names);
        for (int from = 0; from < all.size(); from += METRICS_PER_REQUEST) {
            String wanted = all.subList(from, Math.min(all.size(), from + METRICS_PER_REQUEST)).stream()
                    .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
                    .collect(Collectors.joining(","));
            List<Metric> metrics = get(metricsPath(jobId, vertexId) + "?agg=sum&get=" + wanted, metricList());
            for (Metric metric : metrics) {
                if (metric.sum() != null) {
                    sums.put(metric.id(), metric.sum());
                }
            }
        }
        return sums;
    }

    /**
     * Sums a metric over every operator of the job that reports it, for example {@code deadLetters}.
     *
     * @param metric the name after the operator's, with its metric groups
     */
    public double metricSum(String jobId, String metric) {
        return metricSums(job(jobId), List.of(metric)).getOrDefault(metric, 0.0);
    }

    /**
     * The same for several metrics, looking at each operator once.
     *
     * @return sum by metric; one that no operator reports is missing
     */
    public Map<String, Double> metricSums(JobDetails job, Collection<String> metrics) {
        Map<String, Double> sums = new HashMap<>();
        for (Vertex vertex : job.vertices()) {
            Map<String, String> metricByName = new HashMap<>();
            for (String name : metricNames(job.id(), vertex.id())) {
                metrics.stream()
                        .filter(metric -> name.equals(metric) || name.endsWith("." + metric))
                        .forEach(metric -> metricByName.put(name, metric));
            }
            metricSums(job.id(), vertex.id(), metricByName.keySet())
                    .forEach((name, sum) -> sums.merge(metricByName.get(name), sum, Double::sum));
        }
        return sums;
    }

    private JavaType metricList() {
        return json.constructType(new TypeReference<List<Metric>>() {});
    }

    private static String metricsPath(String jobId, String vertexId) {
        return "/jobs/" + jobId + "/vertices/" + vertexId + "/subtasks/metrics";
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // Jackson's own signature: the type decides.
    private <T> T get(String path, JavaType type) {
        String body = send("GET", path);
        try {
            return json.readValue(body, type);
        } catch (JsonProcessingException e) {
            throw new FlinkRestException(address.resolve(path) + " answered what this version can't read: " + body, e);
        }
    }

    /** Asks the JobManager that answered last, and each other one if it can't be reached. */
    private String send(String method, String path) {
        URI last = address;
        List<URI> others = addresses.stream().filter(each -> !each.equals(last)).toList();
        try {
            return send(method, last, path);
        } catch (IOException e) {
            for (URI other : others) {
                try {
                    String body = send(method, other, path);
                    address = other;
                    return body;
                } catch (IOException alsoGone) {
                    e.addSuppressed(alsoGone);
                }
            }
            throw new FlinkRestException(
                    "Flink does not answer at " + addresses + ": " + e.getMessage() + ". Is the stack up?", e);
        }
    }

    private String send(String method, URI jobManager, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(jobManager.resolve(path))
                .timeout(patience)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new FlinkRestException(request.method() + " " + request.uri() + " was refused with status "
                        + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkRestException("Interrupted while waiting for " + request.uri(), e);
        }
    }
}
