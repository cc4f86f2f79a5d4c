package dev.rebound.deploy.official;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.checkpoints.FlinkSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.TaskManagerOptions;

/** JobManager and TaskManagers, started by Flink's own scripts, and ended by {@link #close}. */
public final class RunningOfficialFlink implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InstalledFlink flink;
    private final HttpClient client;
    private final List<Process> processes = new ArrayList<>();

    private RunningOfficialFlink(InstalledFlink flink) {
        this.flink = flink;
        this.client = flink.site()
                .tls()
                .map(tls -> client(tls.rest().believing(tls.rest())))
                .orElseGet(HttpClient::newHttpClient);
    }

    /**
     * Starts it and waits for the slots of all TaskManagers. The job has two groups of slots, so that it needs twice as many
     * slots as its parallelism: two TaskManagers of the settings for production.
     */
    public static RunningOfficialFlink start(InstalledFlink flink, int taskManagers) {
        RunningOfficialFlink running = new RunningOfficialFlink(flink);
        try {
            running.startProcess("jobmanager");
            for (int number = 1; number <= taskManagers; number++) {
                running.startProcess("taskmanager");
            }
            int slots = taskManagers
                    * FlinkSettings.read(flink.home().resolve("conf")).get(TaskManagerOptions.NUM_TASK_SLOTS);
            running.awaitSlots(slots);
            return running;
        } catch (RuntimeException | Error e) {
            running.close();
            throw e;
        }
    }

    private void startProcess(String name) {
        String script = flink.home().resolve("bin").resolve(name + ".sh").toString();
        ProcessBuilder builder = flink.process(List.of(script, "start-foreground"))
                .redirectErrorStream(true)
                .redirectOutput(console(processes.size()).toFile());
        try {
            processes.add(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't start " + script, e);
        }
    }

    /** What one of the processes writes: 0 is the JobManager, then the TaskManagers. */
    private Path console(int process) {
        return flink.home().resolve("log").resolve("console-" + process + ".out");
    }

    private void awaitSlots(int wanted) {
        await(wanted + " slots; what hinders them is in " + flink.home().resolve("log"))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    requireAlive();
                    return slots() == wanted;
                });
    }

    private int slots() throws InterruptedException {
        try {
            return get("/overview").path("slots-total").asInt();
        } catch (IOException e) {
            return 0;
        }
    }

    private void requireAlive() throws IOException {
        for (int i = 0; i < processes.size(); i++) {
            if (!processes.get(i).isAlive()) {
                throw new AssertionError("A process of the official Flink ended with "
                        + processes.get(i).exitValue() + "; it wrote:\n" + Files.readString(console(i)));
            }
        }
    }

    /**
     * Asks the REST interface, with the site's own certificate where it has one.
     *
     * @param path from its root, for example {@code /overview}
     * @throws IOException if nobody answers, or with another status than 200
     */
    public JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(client, path);
        if (response.statusCode() != 200) {
            throw new IOException(path + " was answered with " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** Asks it as another client does. */
    public HttpResponse<String> get(HttpClient as, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(flink.rest().resolve(path))
                .timeout(Duration.ofSeconds(10))
                .build();
        return as.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** A client of the REST interface over TLS. */
    public static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .sslContext(context)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    public InstalledFlink flink() {
        return flink;
    }

    /** The JobManager's, then those of the TaskManagers. */
    public List<Process> processes() {
        return List.copyOf(processes);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            try {
                if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
