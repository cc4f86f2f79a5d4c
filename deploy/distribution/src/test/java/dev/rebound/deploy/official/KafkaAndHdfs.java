package dev.rebound.deploy.official;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.StackPorts;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a Flink of another make needs of the local stack: its Kafka and its HDFS, on free ports, for one test class. */
public final class KafkaAndHdfs implements BeforeAllCallback, AfterAllCallback {
    private final Path folder;
    private final LocalStack stack;

    public KafkaAndHdfs() {
        try {
            Path target = Path.of("target").toAbsolutePath();
            folder = Files.createTempDirectory(Files.createDirectories(target.resolve("stacks")), "official-");
            stack = new LocalStack(
                    new StackLayout(target.resolve("rebound"), folder.resolve("var")), StackPorts.free());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stack, of which Flink does not run. */
    public LocalStack stack() {
        return stack;
    }

    /** Stays in target/ when the tests are over, for its logs. */
    public Path folder() {
        return folder;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        try {
            List.of("kafka", "namenode", "datanode").forEach(name -> stack.start(name, ProgressListener.SILENT));
            stack.files().takeProcess();
        } catch (RuntimeException e) {
            stack.down(ProgressListener.SILENT);
            throw e;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stack.down(ProgressListener.SILENT);
    }
}
