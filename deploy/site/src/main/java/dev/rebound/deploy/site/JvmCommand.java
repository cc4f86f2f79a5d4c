package dev.rebound.deploy.site;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The command line of one JVM of the stack.
 *
 * @param classPath entries, in order; {@code folder/*} means all jars of the folder
 * @param environment added to this process's environment
 */
public record JvmCommand(
        List<String> jvmFlags,
        List<String> classPath,
        String mainClass,
        List<String> arguments,
        Map<String, String> environment) {

    /** What Flink's own distribution opens; Hadoop and Kafka need no more. */
    public static final List<String> OPENS = List.of(
            "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
            "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.text=ALL-UNNAMED",
            "--add-opens=java.base/java.time=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");

    /** The same with more flags of the JVM. */
    public JvmCommand with(List<String> moreFlags) {
        List<String> flags = new ArrayList<>(jvmFlags);
        flags.addAll(moreFlags);
        return new JvmCommand(flags, classPath, mainClass, arguments, environment);
    }

    /** The JDK of this process runs the stack too: {@code bin/rebound} has checked its version. */
    public List<String> line() {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvmFlags);
        line.add("-cp");
        line.add(String.join(System.getProperty("path.separator"), classPath));
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }

    /**
     * Runs the command and waits for its end.
     *
     * @throws CommandFailedException if it can't be started, or takes longer than the limit; it is killed then
     */
    public CommandResult run(Duration limit) {
        Path output = null;
        Process process = null;
        try {
            output = Files.createTempFile("rebound-", ".out");
            ProcessBuilder builder = new ProcessBuilder(line())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new CommandFailedException(mainClass + " " + String.join(" ", arguments) + " took longer than "
                        + limit.toSeconds() + " s and was stopped. It wrote:\n" + Files.readString(output));
            }
            return new CommandResult(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new CommandFailedException("Can't run " + mainClass + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            // Nobody would hear of what it still did.
            process.destroyForcibly().onExit().join();
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while " + mainClass + " ran", e);
        } finally {
            if (output != null) {
                output.toFile().delete();
            }
        }
    }

    /** Where log4j2 writes, for {@code conf/log4j2.properties}. */
    public static List<String> logFlags(StackLayout layout, Path logFile) {
        Path configuration = layout.templates().resolve("log4j2.properties");
        return List.of(
                "-Dlog.file=" + logFile,
                "-Dlog4j.configurationFile=" + configuration.toUri(),
                "-Dlog4j2.configurationFile=" + configuration.toUri());
    }
}
