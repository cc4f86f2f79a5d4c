package dev.rebound.deploy.control.job;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rebound.deploy.site.ClientJvm;
import dev.rebound.deploy.site.FlinkCluster;
import dev.rebound.deploy.site.FlinkCommandLine;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.SiteFiles;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.deploy.site.TopicSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.hadoop.conf.Configuration;

/**
 * A site in a local folder, whose JobManager answers as the test says. It has no Flink libraries: a client that submits
 * fails, as one does that is killed, and what became of the job is what the JobManager says.
 */
final class SiteUnderTest implements Site, AutoCloseable {
    private final Path folder;
    private final HttpServer jobManager;
    private final Map<String, String> stateByJob = new ConcurrentHashMap<>();
    private final Map<String, String> nameByJob = new ConcurrentHashMap<>();
    final List<String> asked = new ArrayList<>();
    Consumer<String> whenAskedToStop = jobId -> {};
    volatile int statusOfUnknownJobs = 404;

    SiteUnderTest(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder.resolve("home/lib/flink"));
            Files.createDirectories(folder.resolve("home/lib/flink-lib"));
            Files.writeString(folder.resolve("job.jar"), "the job");
            jobManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        jobManager.createContext("/jobs/", this::answer);
        jobManager.start();
    }

    void runs(String jobId, String name) {
        stateByJob.put(jobId, "RUNNING");
        nameByJob.put(jobId, name);
    }

    void ends(String jobId, String state) {
        stateByJob.put(jobId, state);
    }

    void forgets(String jobId) {
        stateByJob.remove(jobId);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (path[2].equals("overview")) {
            List<String> jobs = stateByJob.keySet().stream().map(this::job).toList();
            answer(exchange, 200, "{\"jobs\":[" + String.join(",", jobs) + "]}");
        } else if (!stateByJob.containsKey(path[2])) {
            answer(exchange, statusOfUnknownJobs, "no such job");
        } else if (path.length == 3) {
            answer(exchange, 200, job(path[2]));
        } else if (path[3].equals("stop")) {
            whenAskedToStop.accept(path[2]);
            answer(exchange, 202, "{\"request-id\":\"1\"}");
        } else {
            answer(exchange, 404, "this JobManager was asked for no savepoint");
        }
    }

    private String job(String id) {
        return """
            {"jid":"%s","name":"%s","state":"%s","start-time":1,"end-time":-1,"vertices":[]}\
            """.formatted(id, nameByJob.getOrDefault(id, ""), stateByJob.get(id));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public String name() {
        return "main";
    }

    @Override
    public long epoch() {
        return 1;
    }

    @Override
    public KafkaCluster kafka() {
        return KafkaCluster.plain("127.0.0.1:1");
    }

    @Override
    public TopicSettings topics() {
        return new TopicSettings("shop.", 1, (short) 1);
    }

    @Override
    public FlinkCluster flink() {
        StackLayout layout = new StackLayout(folder.resolve("home"), folder.resolve("var"));
        return new FlinkCluster(
                new FlinkRest(
                        URI.create("http://127.0.0.1:" + jobManager.getAddress().getPort())),
                new FlinkCommandLine(() -> new ClientJvm(layout, List.of(), Map.of())),
                this::flinkSettings,
                Duration.ofMillis(1));
    }

    private org.apache.flink.configuration.Configuration flinkSettings() {
        return new org.apache.flink.configuration.Configuration()
                .set(
                        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                        checkpoints().toUri().toString());
    }

    /** Where Flink makes a folder for each job that it begins. */
    Path checkpoints() {
        return folder.resolve("site/checkpoints");
    }

    @Override
    public SiteFiles files() {
        URI root = folder.resolve("site").toUri();
        return new SiteFiles(root, root, () -> new Configuration(false), null);
    }

    @Override
    public Path jobJar() {
        return folder.resolve("job.jar");
    }

    @Override
    public Path scratch() {
        return folder.resolve("scratch");
    }

    @Override
    public List<Path> settingsFolders() {
        return List.of();
    }

    @Override
    public String logs() {
        return folder.toString();
    }

    @Override
    public void close() {
        jobManager.stop(0);
    }
}
