package dev.rebound.deploy.local;

import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Starts again, until it is stopped itself, every process of a stack that died, and puts a spare TaskManager in the place of
 * a bad one.
 */
public final class Watchdog implements StackComponent {
    static final String NAME = "watchdog";

    private static final long LOOK_SECONDS = 1;
    private static final long SEARCH_SECONDS = 5;

    private final StackLayout layout;
    private final String stackName;

    Watchdog(StackLayout layout, String stackName) {
        this.layout = layout;
        this.stackName = stackName;
    }

    /** @param args the folders of the distribution and of the stack, and the stack's name */
    public static void main(String[] args) {
        LocalStack stack = LocalStack.in(new StackLayout(Path.of(args[0]), Path.of(args[1])), args[2]);
        TaskManagerIsolation isolation = new TaskManagerIsolation(InstantSource.system());
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        var unusedRestarts = clock.scheduleWithFixedDelay(
                () -> quietly(() -> stack.restartDead(Watchdog::print)), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        var unusedElections = clock.scheduleWithFixedDelay(
                () -> quietly(() -> stack.endRivalry(Watchdog::print)),
                SEARCH_SECONDS,
                SEARCH_SECONDS,
                TimeUnit.SECONDS);
        var unusedIsolations = clock.scheduleWithFixedDelay(
                () -> quietly(() -> isolate(stack, isolation)), SEARCH_SECONDS, SEARCH_SECONDS, TimeUnit.SECONDS);
    }

    private static void isolate(LocalStack stack, TaskManagerIsolation isolation) {
        FlinkRest flink = stack.rest();
        List<List<FlinkRest.Failure>> failures = flink.jobs().stream()
                .filter(job -> !job.ended())
                .map(job -> flink.failures(job.id()))
                .toList();
        isolation
                .among(
                        stack.taskManagers().stream().map(ManagedProcess::name).toList(),
                        flink.taskManagers().stream()
                                .map(FlinkRest.TaskManagerInfo::id)
                                .toList(),
                        failures)
                .ifPresent(bad -> {
                    print(bad.name(), bad.reason());
                    stack.isolate(bad.name(), Watchdog::print);
                });
    }

    private static void quietly(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            // An exception would end the schedule, and with it the watch.
            System.out.println(Instant.now() + " " + e.getMessage());
        }
    }

    private static void print(String component, String message) {
        System.out.println(Instant.now() + " " + component + ": " + message);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of();
    }

    @Override
    public void prepare() {}

    @Override
    public JvmCommand command() {
        return new JvmCommand(
                List.of("-Xmx96m", "-XX:+UseSerialGC"),
                List.of(layout.jars("cli"), layout.jars("flink"), layout.jars("flink-lib")),
                Watchdog.class.getName(),
                List.of(layout.home().toString(), layout.var().toString(), stackName),
                Map.of());
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }
}
