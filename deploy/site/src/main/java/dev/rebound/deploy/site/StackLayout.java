package dev.rebound.deploy.site;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the stack finds its jars and where it keeps its files.
 *
 * @param home the assembled distribution: lib/, conf/, jobs/; only read
 * @param var everything that the stack writes: data/, conf/ (rendered), log/, run/ (pid files)
 */
public record StackLayout(Path home, Path var) {

    /** System properties that {@code bin/rebound} sets. */
    public static final String HOME_PROPERTY = "rebound.home";

    public static final String VAR_PROPERTY = "rebound.var";

    public StackLayout {
        home = home.toAbsolutePath().normalize();
        var = var.toAbsolutePath().normalize();
    }

    /** The layout of the running {@code rebound} command. */
    public static StackLayout ofThisProcess() {
        return new StackLayout(Path.of(required(HOME_PROPERTY)), Path.of(required(VAR_PROPERTY)));
    }

    /**
     * All jars of one library folder, as a class path entry. It is looked for here and not for the home as a whole: an
     * image of Flink has the commands, and no broker.
     */
    public String jars(String library) {
        Path folder = home.resolve("lib").resolve(library);
        if (!Files.isDirectory(folder)) {
            throw new CommandFailedException("The distribution in " + home + " has no lib/" + library
                    + ". Build a whole one with ./mvnw -DskipTests package, which puts it into"
                    + " deploy/distribution/target/rebound.");
        }
        return folder + "/*";
    }

    /** The job that {@code flink run} gets. */
    public Path jobJar() {
        return home.resolve("jobs/rebound-jobs.jar");
    }

    /** The same with the jobs that `rebound bench` compares with. */
    public Path benchJobsJar() {
        return home.resolve("jobs/rebound-bench-jobs.jar");
    }

    /** The job sees HDFS through this folder, as does every client that sets {@code HADOOP_CONF_DIR} to it. */
    public Path hdfsConf() {
        return conf().resolve("hdfs");
    }

    public Path flinkConf() {
        return conf().resolve("flink");
    }

    /** Rendered configuration; written anew by each start. */
    public Path conf() {
        return var.resolve("conf");
    }

    public Path templates() {
        return home.resolve("conf");
    }

    public Path data(String component) {
        return var.resolve("data").resolve(component);
    }

    /** Where another stack of the same home keeps its files. */
    public StackLayout stack(String name) {
        return new StackLayout(home, var.resolve("stacks").resolve(name));
    }

    /** Descriptions of other sites, by name. */
    public Path sites() {
        return var.resolve("sites");
    }

    public Path logs() {
        return var.resolve("log");
    }

    public Path run() {
        return var.resolve("run");
    }

    private static String required(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new CommandFailedException("The system property " + property + " is not set. Start with bin/rebound,"
                    + " or set -D" + property + "=FOLDER.");
        }
        return value;
    }
}
