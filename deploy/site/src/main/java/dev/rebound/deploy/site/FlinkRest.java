package dev.rebound.deploy.site;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
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

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private static final String CAUSED_BY = "Caused by: ";

    private final FlinkHttp http;
    private final ObjectMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public FlinkRest(URI address) {
        this(FlinkAccess.plain(List.of(address)));
    }

    /** Of JobManagers that stand by for each other: whichever is there forwards to the leader. */
    public FlinkRest(List<URI> addresses) {
        this(FlinkAccess.plain(addresses));
    }

    public FlinkRest(FlinkAccess access) {
        this(new FlinkHttp(access, PATIENCE));
    }

    private FlinkRest(FlinkHttp http) {
        this.http = http;
    }

    /** The same cluster, asked by who cannot wait longer than this for one JobManager before turning to the next. */
    public FlinkRest within(Duration patienceWithEach) {
        return new FlinkRest(http.within(patienceWithEach));
    }

    /** The one that answered last. */
    public URI address() {
        return http.address();
    }

    /** Of every JobManager. */
    public List<URI> addresses() {
        return http.addresses();
    }

    /** The JobManagers that do not answer, leading or standing by. */
    public List<URI> silent() {
        return addresses().stream().filter(each -> !http.answers(each)).toList();
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
            String status,
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

        /**
         * Whether all outputs up to a checkpoint or savepoint are committed. Sinks commit when they hear that a checkpoint
         * is complete; of a savepoint of a job that goes on they hear nothing. They heard of the one after it before they took
         * part in the one after that.
         */
        public boolean committedUpTo(long checkpointId) {
            return history.stream()
                            .filter(each ->
                                    each.id() > checkpointId && each.status().equals("COMPLETED") && !each.savepoint())
                            .limit(2)
                            .count()
                    == 2;
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

    private record Metric(
            String id,
            @Nullable Double min,
            @Nullable Double max,
            @Nullable Double sum) {}

    private record JobMetric(String id, @Nullable String value) {}

    /** A metric over all subtasks that report it. */
    public record Spread(double least, double greatest, double sum) {
        private Spread with(Spread other) {
            return new Spread(Math.min(least, other.least), Math.max(greatest, other.greatest), sum + other.sum);
        }
    }

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

    /** How long from one checkpoint to the next; empty if the job takes none. */
    public Optional<Duration> checkpointInterval(String jobId) {
        CheckpointSettings settings =
                get("/jobs/" + jobId + "/checkpoints/config", json.constructType(CheckpointSettings.class));
        return settings.intervalMillis() == Long.MAX_VALUE
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(settings.intervalMillis()));
    }

    private record CheckpointSettings(
            @JsonProperty("interval") long intervalMillis) {}

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

    /** What the cluster was configured with; Flink masks secrets. */
    public Map<String, String> settings() {
        List<Entry> entries = get("/jobmanager/config", json.constructType(new TypeReference<List<Entry>>() {}));
        return entries.stream().collect(Collectors.toMap(Entry::key, Entry::value, (first, second) -> second));
    }

    private record Entry(String key, String value) {}

    /** Has a checkpoint made now, of the kind that the job makes at its interval. */
    public void triggerCheckpoint(String jobId) {
        http.send(
                "POST",
                "/jobs/" + jobId + "/checkpoints",
                json.createObjectNode().put("checkpointType", "CONFIGURED").toString());
    }

    /** Has a canonical savepoint made. The same trigger asked for again is the same savepoint. */
    void triggerSavepoint(String jobId, URI folder, String triggerId) {
        http.send("POST", "/jobs/" + jobId + "/savepoints", savepointBody(folder, triggerId, "cancel-job"));
    }

    /** Has a job ended with a canonical savepoint; its sources stop, its windows stay open. */
    void stopWithSavepoint(String jobId, URI folder, String triggerId) {
        http.send("POST", "/jobs/" + jobId + "/stop", savepointBody(folder, triggerId, "drain"));
    }

    private String savepointBody(URI folder, String triggerId, String option) {
        return json.createObjectNode()
                .put(option.equals("drain") ? "targetDirectory" : "target-directory", folder.toString())
                .put(option, false)
                .put("formatType", "CANONICAL")
                .put("triggerId", triggerId)
                .toString();
    }

    /**
     * How a savepoint ended.
     *
     * @param location null where it failed
     * @param cause why; null where it did not
     */
    record SavepointOutcome(
            @Nullable String location, @Nullable String cause) {}

    /** Empty while it is being made. */
    Optional<SavepointOutcome> savepoint(String jobId, String triggerId) {
        JsonNode answer = get("/jobs/" + jobId + "/savepoints/" + triggerId, json.constructType(JsonNode.class));
        if (!answer.path("status").path("id").asText().equals("COMPLETED")) {
            return Optional.empty();
        }
        JsonNode operation = answer.path("operation");
        JsonNode failure = operation.path("failure-cause");
        return Optional.of(
                failure.isMissingNode() || failure.isNull()
                        ? new SavepointOutcome(operation.path("location").asText(), null)
                        : new SavepointOutcome(
                                null, new Failure(failure.path("stack-trace").asText(), 0, null).cause()));
    }

    /** Asks the job to end; it has ended only when {@link #job} says so. */
    public void cancel(String jobId) {
        http.send("PATCH", "/jobs/" + jobId + "?mode=cancel", null);
    }

    /** Names of the metrics that the tasks of a vertex report, operators' with their operator's name in front. */
    public List<String> metricNames(String jobId, String vertexId) {
        List<Metric> metrics = get(metricsPath(jobId, vertexId), metricList());
        return metrics.stream().map(Metric::id).toList();
    }

    /**
     * Metrics over the subtasks of one vertex.
     *
     * @return by metric name; a metric that is unknown or no number is missing
     */
    private Map<String, Spread> metrics(String jobId, String vertexId, Collection<String> names) {
        Map<String, Spread> spreads = new HashMap<>();
        List<String> all = List.copyOf(names);
        for (int from = 0; from < all.size(); from += METRICS_PER_REQUEST) {
            String wanted = all.subList(from, Math.min(all.size(), from + METRICS_PER_REQUEST)).stream()
                    .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
                    .collect(Collectors.joining(","));
            List<Metric> metrics = get(metricsPath(jobId, vertexId) + "?agg=min,max,sum&get=" + wanted, metricList());
            for (Metric metric : metrics) {
                if (metric.min() != null && metric.max() != null && metric.sum() != null) {
                    spreads.put(metric.id(), new Spread(metric.min(), metric.max(), metric.sum()));
                }
            }
        }
        return spreads;
    }

    /**
     * Sums a metric over every operator of the job that reports it, for example {@code deadLetters}.
     *
     * @param metric the name after the operator's, with its metric groups
     */
    public double metricSum(String jobId, String metric) {
        Spread spread = metrics(job(jobId), List.of(metric)).get(metric);
        return spread == null ? 0 : spread.sum();
    }

    /**
     * Metrics over every operator of the job that reports them, looking at each operator once.
     *
     * @param metrics names after the operator's, with their metric groups; or with the operator's, for those of one alone
     * @return by metric; one that no operator reports is missing
     */
    public Map<String, Spread> metrics(JobDetails job, Collection<String> metrics) {
        Map<String, Spread> spreads = new HashMap<>();
        for (Vertex vertex : job.vertices()) {
            Map<String, String> metricByName = new HashMap<>();
            for (String name : metricNames(job.id(), vertex.id())) {
                metrics.stream()
                        .filter(metric -> name.equals(metric) || name.endsWith("." + metric))
                        .forEach(metric -> metricByName.put(name, metric));
            }
            metrics(job.id(), vertex.id(), metricByName.keySet())
                    .forEach((name, spread) -> spreads.merge(metricByName.get(name), spread, Spread::with));
        }
        return spreads;
    }

    /** How often the job began again since its JobManager took it up; empty where that does not tell. */
    public OptionalLong restarts(String jobId) {
        List<JobMetric> metrics = get(
                "/jobs/" + jobId + "/metrics?get=numRestarts",
                json.constructType(new TypeReference<List<JobMetric>>() {}));
        return metrics.stream()
                .map(JobMetric::value)
                .filter(value -> value != null && DIGITS.matcher(value).matches())
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private JavaType metricList() {
        return json.constructType(new TypeReference<List<Metric>>() {});
    }

    private static String metricsPath(String jobId, String vertexId) {
        return "/jobs/" + jobId + "/vertices/" + vertexId + "/subtasks/metrics";
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // Jackson's own signature: the type decides.
    private <T> T get(String path, JavaType type) {
        String body = http.send("GET", path, null);
        try {
            return json.readValue(body, type);
        } catch (JsonProcessingException e) {
            throw new FlinkRestException(address() + path + " answered what this version can't read: " + body, e);
        }
    }
}
