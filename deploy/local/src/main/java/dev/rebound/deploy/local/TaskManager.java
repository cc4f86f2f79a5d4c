package dev.rebound.deploy.local;

import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One of Flink's TaskManagers. */
public final class TaskManager implements StackComponent {

    static final String NAME_PREFIX = "taskmanager-";

    private final int number;
    private final StackLayout layout;
    private final FlinkConfiguration configuration;
    private final FlinkRest rest;

    /** @param number counted from 1 */
    TaskManager(int number, StackLayout layout, FlinkConfiguration configuration, FlinkRest rest) {
        this.number = number;
        this.layout = layout;
        this.configuration = configuration;
        this.rest = rest;
    }

    @Override
    public String name() {
        return NAME_PREFIX + number;
    }

    @Override
    public List<Integer> ports() {
        return List.of();
    }

    /** Picks the port of this start, by which {@link #problem} tells it from the one before, of the same name. */
    @Override
    public void prepare() {
        try {
            Files.createDirectories(layout.run());
            Files.writeString(portFile(), String.valueOf(StackPorts.freePort()));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + portFile(), e);
        }
    }

    @Override
    public JvmCommand command() {
        return configuration.taskManager(name(), rpcPort());
    }

    @Override
    public Optional<String> problem() {
        try {
            String address = ":" + rpcPort() + "/";
            boolean registered = rest.taskManagers().stream()
                    .anyMatch(known -> known.id().equals(name()) && known.path().contains(address));
            return registered ? Optional.empty() : Optional.of("it has not registered with the JobManager");
        } catch (FlinkRestException e) {
            return Optional.of("the JobManager does not answer: " + e.getMessage());
        }
    }

    private int rpcPort() {
        try {
            return Integer.parseInt(Files.readString(portFile()));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the port of " + name(), e);
        }
    }

    private Path portFile() {
        return layout.run().resolve(name() + ".port");
    }
}
