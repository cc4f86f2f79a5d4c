package dev.rebound.deploy.site;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The JVM of a client of one Flink cluster: Flink's libraries and those of the cluster's {@code lib/}, so that a job's
 * main finds there what it finds on the cluster.
 *
 * @param layout where these libraries are
 * @param flags of the JVM
 * @param environment where the settings of Flink and Hadoop are, among others
 */
public record ClientJvm(StackLayout layout, List<String> flags, Map<String, String> environment) {
    /** Of a process that lives for seconds: the optimizing compiler would only take time from it. */
    public static final List<String> SHORT_LIVED = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1");

    /** Flink's own command line. */
    JvmCommand commandLine(List<String> arguments) {
        return new JvmCommand(flags, classPath(), "org.apache.flink.client.cli.CliFrontend", arguments, environment);
    }

    /** A main class of ours, with the archive that it is in. */
    JvmCommand main(Class<?> main, List<String> arguments) {
        List<String> classPath = new ArrayList<>(classPath());
        classPath.add(archiveOf(main).toString());
        return new JvmCommand(flags, classPath, main.getName(), arguments, environment);
    }

    private List<String> classPath() {
        return List.of(layout.jars("flink"), layout.jars("flink-lib"));
    }

    private static Path archiveOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new CommandFailedException("Can't find the archive of " + type, e);
        }
    }
}
