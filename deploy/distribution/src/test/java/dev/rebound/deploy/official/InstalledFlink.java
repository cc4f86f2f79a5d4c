package dev.rebound.deploy.official;

import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.deploy.local.StackPorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * A {@code FLINK_HOME} of one test, set up as docs/clusters.md says under "On your own cluster".
 *
 * @param home the folder; bin, conf and lib are its own, log and pid files are in it
 */
public record InstalledFlink(Path home, Site site, URI rest) {

    /**
     * Sets one up.
     *
     * @param home the folder to make
     * @param distribution the assembled one, {@code target/rebound}
     */
    public static InstalledFlink install(OfficialFlink official, Path home, Path distribution, Site site) {
        StackPorts ports = StackPorts.free();
        try {
            Files.createDirectories(home);
            // The scripts look for the rest beside the folder that they really are in.
            FileUtils.copyDirectory(
                    official.home().resolve("bin").toFile(), home.resolve("bin").toFile());
            FileUtils.copyDirectory(
                    official.home().resolve("conf").toFile(),
                    home.resolve("conf").toFile());
            for (String folder : List.of("opt", "plugins")) {
                Files.createSymbolicLink(home.resolve(folder), official.home().resolve(folder));
            }
            Path lib = Files.createDirectory(home.resolve("lib"));
            // A link of a name that is there already fails: neither replaces the other unnoticed.
            linkJars(official.home().resolve("lib"), lib);
            linkJars(distribution.resolve("lib/flink-lib"), lib);
            for (String folder : List.of("log", "pid", "tmp")) {
                Files.createDirectory(home.resolve(folder));
            }
            Files.writeString(
                    home.resolve("conf").resolve(FlinkSettings.FILE_NAME),
                    settings(home, ports, site).toString());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't install " + official.home() + " into " + home, e);
        }
        String scheme = site.tls().isPresent() ? "https" : "http";
        return new InstalledFlink(home, site, URI.create(scheme + "://127.0.0.1:" + ports.flinkRest()));
    }

    private static void linkJars(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            List<Path> jars =
                    files.filter(file -> file.toString().endsWith(".jar")).toList();
            if (jars.isEmpty()) {
                throw new IOException("There is no jar in " + from + "; build it with: ./mvnw -DskipTests package");
            }
            for (Path jar : jars) {
                Files.createSymbolicLink(to.resolve(jar.getFileName()), jar.toRealPath());
            }
        }
    }

    /** The file for production, its lines marked EDIT changed for one small machine. */
    private static EditedYaml settings(Path home, StackPorts ports, Site site) throws IOException {
        EditedYaml local = new EditedYaml(resource("flink-local.yaml"));
        EditedYaml yaml = new EditedYaml(resource("flink-production.yaml"))
                .takeOver(local, "jobmanager.memory.")
                .takeOver(local, "taskmanager.memory.")
                .set("high-availability.type", "NONE")
                .set("rest.port", ports.flinkRest())
                .set("jobmanager.rpc.address", "127.0.0.1")
                .set("jobmanager.rpc.port", ports.jobManagerRpc())
                .set("jobmanager.bind-host", "127.0.0.1")
                .set("taskmanager.host", "127.0.0.1")
                .set("taskmanager.bind-host", "127.0.0.1")
                // It listens on every interface, which a test must not.
                .set("metrics.reporters", "none")
                .set("env.log.dir", home.resolve("log"))
                .set("env.pid.dir", home.resolve("pid"))
                .set("io.tmp.dirs", home.resolve("tmp"))
                .set("web.tmpdir", home.resolve("tmp"));
        site.edit(yaml);
        return yaml;
    }

    private static String resource(String name) throws IOException {
        try (InputStream text = FlinkSettings.class.getResourceAsStream(name)) {
            if (text == null) {
                throw new IOException(name + " is not in the jar of rebound-checkpoints-config");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * A process with the environment of a user who has exported what docs/clusters.md names, and has Flink's bin folder on the
     * PATH: nothing of Flink or Hadoop that the build's own environment may hold.
     */
    public ProcessBuilder process(List<String> line) {
        ProcessBuilder builder = new ProcessBuilder(line);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.matches("(FLINK|HADOOP|HBASE|YARN)_.*|JVM_ARGS"));
        environment.put("FLINK_HOME", home.toString());
        environment.put("HADOOP_CONF_DIR", site.hadoopConfDir().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.merge("PATH", home.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        return builder;
    }
}
