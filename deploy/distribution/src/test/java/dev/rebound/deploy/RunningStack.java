package dev.rebound.deploy;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.StackPorts;
import dev.rebound.deploy.local.StackShape;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The assembled distribution's stack, up for one test class or for all that share it, on free ports and in a folder of its
 * own.
 *
 * <p>Register as a static field. The folder stays in target/ when the tests are over, for its logs.
 */
public final class RunningStack implements BeforeAllCallback, AfterAllCallback {
    private final LocalStack stack;
    private final boolean shared;

    /** One for tests that leave no stack behind, or count on a new one. */
    public RunningStack() {
        this(StackShape.SINGLE, false);
    }

    /** One for every class that leaves a stack as it found it but for topics and models of its own: starting takes its time. */
    static RunningStack shared() {
        return Shared.INSTANCE;
    }

    /** One with two JobManagers and a watchdog. */
    static RunningStack highlyAvailable() {
        return new RunningStack(StackShape.HIGHLY_AVAILABLE, false);
    }

    private static final class Shared {
        static final RunningStack INSTANCE = new RunningStack(StackShape.SINGLE, true);
    }

    private RunningStack(StackShape shape, boolean shared) {
        this.shared = shared;
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
        if (shared) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(RunningStack.class))
                    .getOrComputeIfAbsent(RunningStack.class, key -> started());
        } else {
            started();
        }
        // Stacks of other classes that this process tests name their files alike.
        stack.files().takeProcess();
    }

    /** Closing stops it. */
    private AutoCloseable started() {
        try {
            stack.up(RunningStack::print);
        } catch (RuntimeException e) {
            stack.down(RunningStack::print);
            throw e;
        }
        return () -> stack.down(RunningStack::print);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!shared) {
            stack.down(RunningStack::print);
        }
    }

    private static void print(String component, String message) {
        System.out.println("stack: " + component + " " + message);
    }
}
