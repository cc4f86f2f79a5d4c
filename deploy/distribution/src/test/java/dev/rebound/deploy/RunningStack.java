package dev.rebound.deploy;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.StackLayout;
import dev.rebound.deploy.local.StackPorts;
import dev.rebound.deploy.local.StackShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The assembled distribution's stack, up for one test class, on free ports and in a folder of its own.
 *
 * <p>Register as a static field. The folder stays in target/ when the tests are over, for its logs.
 */
public final class RunningStack implements BeforeAllCallback, AfterAllCallback {

    private final LocalStack stack;

    public RunningStack() {
        this(StackShape.SINGLE);
    }

    public RunningStack(StackShape shape) {
        try {
            Path target = Path.of("target").toAbsolutePath();
            Path var = Files.createTempDirectory(Files.createDirectories(target.resolve("stacks")), "var-");
            stack = new LocalStack(new StackLayout(target.resolve("rebound"), var), StackPorts.free(), shape);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public LocalStack stack() {
        return stack;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        try {
            stack.up(RunningStack::print);
        } catch (RuntimeException e) {
            stack.down(RunningStack::print);
            throw e;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stack.down(RunningStack::print);
    }

    private static void print(String component, String message) {
        System.out.println("stack: " + component + " " + message);
    }
}
