package dev.rebound.deploy.local;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Starts again, until it is stopped itself, every process of a stack that died. */
public final class Watchdog implements StackComponent {
    static final String NAME = "watchdog";

    private static final long LOOK_SECONDS = 1;

    private final StackLayout layout;

    Watchdog(StackLayout layout) {
        this.layout = layout;
    }

    /** @param folders the distribution and the stack's own */
    public static void main(String[] folders) {
        LocalStack stack = LocalStack.in(new StackLayout(Path.of(folders[0]), Path.of(folders[1])));
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        var unused = clock.scheduleWithFixedDelay(() -> look(stack), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private static void look(LocalStack stack) {
        try {
            stack.restartDead(
                    (component, message) -> System.out.println(Instant.now() + " " + component + ": " + message));
        } catch (RuntimeException e) {
            // An exception would end the schedule, and with it the watch.
            System.out.println(Instant.now() + " " + e.getMessage());
        }
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
                List.of(layout.jars("ops"), layout.jars("flink"), layout.jars("flink-lib")),
                Watchdog.class.getName(),
                List.of(layout.home().toString(), layout.var().toString()),
                Map.of());
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }
}
