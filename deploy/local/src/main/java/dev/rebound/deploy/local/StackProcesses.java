package dev.rebound.deploy.local;

import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The processes of one stack's folder: each has the name of its component, and is started and ended by one command at a time. */
final class StackProcesses {
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    /** Within this process, a lock that somebody holds is a failure. */
    private static final Patience UNTIL_UNLOCKED = Patience.of(Duration.ofSeconds(20), Duration.ofMillis(200))
            .bearing(OverlappingFileLockException.class::isInstance);

    private final StackLayout layout;

    StackProcesses(StackLayout layout) {
        this.layout = layout;
    }

    ManagedProcess named(String name) {
        return new ManagedProcess(layout, name);
    }

    /** By pid file, in the order of their names. */
    List<ManagedProcess> recorded() {
        if (!Files.isDirectory(layout.run())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(layout.run())) {
            Map<String, ManagedProcess> byName = new TreeMap<>();
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".pid"))
                    .map(file -> file.substring(0, file.length() - ".pid".length()))
                    .forEach(name -> byName.put(name, named(name)));
            return List.copyOf(byName.values());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't list " + layout.run(), e);
        }
    }

    /**
     * Starts those that do not run, and waits until all are well. One that ran, and ends while it is waited for, is started
     * too: it had lost what others of the stack are just bringing back.
     */
    void start(List<StackComponent> components, ProgressListener listener) {
        Set<StackComponent> ran = new HashSet<>();
        for (StackComponent component : components) {
            if (named(component.name()).isAlive()) {
                ran.add(component);
            } else {
                listener.progress(component.name(), "starting");
                checkPorts(component);
                component.prepare();
                start(component);
            }
        }
        for (StackComponent component : components) {
            awaitWell(component, ran.contains(component));
            listener.progress(component.name(), "up");
        }
    }

    /** Starts one, and does not wait for it. */
    void startAlone(StackComponent component) {
        component.prepare();
        start(component);
    }

    private void start(StackComponent component) {
        named(component.name())
                .start(component.command().with(StackShape.of(layout).jvmFlags()));
    }

    private void checkPorts(StackComponent component) {
        for (int port : component.ports()) {
            if (StackPorts.taken(port)) {
                throw new StackException("Can't start " + component.name() + ": another process listens on 127.0.0.1:"
                        + port + ". End that process, or start the stack on other ports.");
            }
        }
    }

    private void awaitWell(StackComponent component, boolean ran) {
        ManagedProcess process = named(component.name());
        // One that is about to start may answer with anything.
        Optional<String> problem = Patience.of(START_PATIENCE, Duration.ofMillis(200))
                .bearing(RuntimeException.class::isInstance)
                .get(component::problem, found -> found.isEmpty() || !process.isAlive());
        if (!process.isAlive() && ran) {
            startAlone(component);
            awaitWell(component, false);
            return;
        }
        if (!process.isAlive()) {
            throw new StackException(component.name() + " ended right after its start. " + process.lastWords());
        }
        if (problem.isPresent()) {
            throw new StackException(component.name() + " is not well after " + START_PATIENCE.toSeconds() + " s: "
                    + problem.get() + ". " + process.lastWords());
        }
    }

    ComponentStatus status(StackComponent component) {
        OptionalLong pid = named(component.name()).pid();
        Optional<String> problem = pid.isPresent() ? component.problem() : Optional.of("it does not run");
        return new ComponentStatus(component.name(), pid, problem);
    }

    /** Asks them to end, and kills those that do not. */
    void stop(List<ManagedProcess> processes, ProgressListener listener) {
        processes.forEach(ManagedProcess::terminate);
        for (ManagedProcess process : processes) {
            process.awaitEnd(STOP_PATIENCE);
            listener.progress(process.name(), "stopped");
        }
    }

    /** Two commands at once would start everything twice. The second waits for a while: the watchdog is soon done. */
    <T> T exclusively(Supplier<T> action) {
        Path file = layout.run().resolve("lock");
        try {
            Files.createDirectories(layout.run());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = UNTIL_UNLOCKED.get(channel::tryLock, Objects::nonNull)) {
                if (lock == null) {
                    throw new StackException("Another command starts or stops this stack now (it holds " + file
                            + "). Wait for it, then try again.");
                }
                return action.get();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't lock " + file, e);
        }
    }
}
