package dev.rebound.deploy.local;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Kafka, HDFS and Flink as processes of this machine, all on 127.0.0.1.
 *
 * <p>The processes outlive the command that starts them; any later {@code LocalStack} over the same folder knows them by
 * their pid files.
 */
public final class LocalStack {

    /** How many TaskManagers {@link #up} starts. */
    public static final int TASK_MANAGERS = 2;

    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final StackLayout layout;
    private final StackPorts ports;
    private final StackShape shape;
    private final KafkaBroker kafka;
    private final Hdfs hdfs;
    private final FlinkConfiguration flink;
    private final FlinkRest rest;

    public LocalStack(StackLayout layout, StackPorts ports) {
        this(layout, ports, StackShape.SINGLE);
    }

    public LocalStack(StackLayout layout, StackPorts ports, StackShape shape) {
        this.layout = layout;
        this.ports = ports;
        this.shape = shape;
        this.kafka = new KafkaBroker(layout, ports);
        this.hdfs = new Hdfs(layout, ports);
        this.flink = new FlinkConfiguration(layout, ports, hdfs, shape);
        this.rest = new FlinkRest(
                isHighlyAvailable()
                        ? List.of(loopback(ports.flinkRest()), loopback(ports.standbyRest()))
                        : List.of(loopback(ports.flinkRest())));
    }

    /** The stack of this folder, on the ports and of the shape that it was started with, else the default ones. */
    public static LocalStack in(StackLayout layout) {
        return new LocalStack(layout, StackPorts.of(layout), StackShape.of(layout));
    }

    /** The same of another shape; a stack that runs has to be taken down first. */
    public LocalStack as(StackShape other) {
        return new LocalStack(layout, ports, other);
    }

    /** The same on other ports. */
    public LocalStack on(StackPorts others) {
        return new LocalStack(layout, others, shape);
    }

    public boolean isHighlyAvailable() {
        return shape == StackShape.HIGHLY_AVAILABLE;
    }

    static URI loopback(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    public StackLayout layout() {
        return layout;
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    public URI hdfsUri() {
        return hdfs.uri();
    }

    /** A client of the stack's HDFS, which the caller closes. */
    public FileSystem openHdfs() {
        return hdfs.open();
    }

    /** What a client of the stack's HDFS needs to know. */
    public Configuration hdfsSettings() {
        return hdfs.clientConfiguration();
    }

    public StackPorts ports() {
        return ports;
    }

    public URI flinkRest() {
        return loopback(ports.flinkRest());
    }

    public FlinkRest rest() {
        return rest;
    }

    public Path flinkConfDir() {
        return layout.flinkConf();
    }

    public FlinkCommandLine flink() {
        return new FlinkCommandLine(flink);
    }

    /**
     * Starts what does not run and waits until all of it is well. What runs stays as it is.
     *
     * @throws StackException if a component can't be started or does not get well; the others keep running
     */
    public void up(ProgressListener listener) {
        exclusively(() -> {
            requireShape();
            ports.save(layout);
            shape.save(layout);
            flink.write();
            List<StackComponent> all = components();
            if (isHighlyAvailable()) {
                // A JobManager that keeps its leadership in HDFS ends at once where HDFS is still in safe mode.
                start(all.stream().filter(each -> !isFlink(each.name())).toList(), listener);
            }
            start(all, listener);
            return null;
        });
    }

    /** Stops every process of the stack, also one that an earlier, broken start left. Data stays. */
    public void down(ProgressListener listener) {
        exclusively(() -> {
            List<ManagedProcess> all = recorded();
            // The watchdog before all others, which it would start again.
            stop(all.stream().filter(LocalStack::isWatchdog).toList(), listener);
            // Flink first: tasks that lose Kafka and HDFS under them would try to recover.
            stop(all.stream().filter(LocalStack::isFlink).toList(), listener);
            stop(
                    all.stream()
                            .filter(process -> !isFlink(process) && !isWatchdog(process))
                            .toList(),
                    listener);
            return null;
        });
    }

    /**
     * Starts again every process that died, and does not wait for it. Those that were stopped stay so; while another
     * command starts or stops the stack, nothing happens.
     */
    void restartDead(ProgressListener listener) {
        List<StackComponent> all = new ArrayList<>(components());
        for (int spare = TASK_MANAGERS + 1;
                process(TaskManager.NAME_PREFIX + spare).wasStarted();
                spare++) {
            all.add(taskManager(spare));
        }
        for (StackComponent component : all) {
            ManagedProcess process = process(component.name());
            if (process.wasStarted() && !process.isAlive() && !(component instanceof Watchdog)) {
                exclusively(() -> {
                    // Another command may have stopped it meanwhile.
                    if (process.wasStarted() && !process.isAlive()) {
                        listener.progress(component.name(), "died, starting it again");
                        component.prepare();
                        process.start(component.command());
                    }
                    return null;
                });
            }
        }
    }

    /** Starts both JobManagers again where each believes that it leads, so that none does. */
    public void endRivalry(ProgressListener listener) {
        if (!isHighlyAvailable() || !isContested()) {
            return;
        }
        exclusively(() -> {
            for (JobManager each : jobManagers()) {
                listener.progress(each.name(), "believes that it leads, as the other one does; starting it again");
                process(each.name()).kill();
            }
            // Only when both are gone: one alone would go on to contest what the other one writes.
            jobManagers().forEach(each -> process(each.name()).start(each.command()));
            return null;
        });
    }

    private boolean isContested() {
        return jobManagers().stream().allMatch(each -> process(each.name()).isAlive())
                && jobManagers().stream().anyMatch(each -> each.problem().isPresent())
                && LeadingJobManager.isContested(flink.settings());
    }

    private List<JobManager> jobManagers() {
        return isHighlyAvailable()
                ? List.of(JobManager.first(ports, flink), JobManager.standby(ports, flink))
                : List.of(JobManager.first(ports, flink));
    }

    /**
     * Takes a bad TaskManager out and starts a spare one, which has another number: with it go the folder of the bad one and
     * the copies of state in it. The bad one stays away until {@link #up} starts it again.
     */
    void isolate(String taskManager, ProgressListener listener) {
        exclusively(() -> {
            ManagedProcess bad = process(taskManager);
            // Not asked to end: it may hang, and nothing that it still wants to do is wanted.
            bad.kill();
            bad.awaitEnd(STOP_PATIENCE);
            int number = TASK_MANAGERS + 1;
            while (process(TaskManager.NAME_PREFIX + number).wasStarted()
                    || taskManager.equals(TaskManager.NAME_PREFIX + number)) {
                number++;
            }
            TaskManager spare = taskManager(number);
            listener.progress(taskManager, "taken out; " + spare.name() + " is started in its place");
            spare.prepare();
            process(spare.name()).start(spare.command());
            return null;
        });
    }

    private TaskManager taskManager(int number) {
        return new TaskManager(number, layout, flink, rest);
    }

    /** The JobManager that leads; empty while none does. Only of a highly available stack. */
    public Optional<ManagedProcess> leadingJobManager() {
        return LeadingJobManager.restAddress(flink.settings())
                .map(address ->
                        process(address.getPort() == ports.standbyRest() ? JobManager.STANDBY : JobManager.FIRST));
    }

    private void requireShape() {
        if (StackShape.of(layout) != shape && recorded().stream().anyMatch(ManagedProcess::isAlive)) {
            throw new StackException("The stack runs " + (isHighlyAvailable() ? "without" : "with")
                    + " a standby JobManager. Take it down first: rebound stack down");
        }
    }

    /** The state of each component, the stopped ones too. */
    public List<ComponentStatus> status() {
        return components().stream().map(this::status).toList();
    }

    /** The TaskManagers that run, by number. */
    public List<ManagedProcess> taskManagers() {
        return recorded().stream()
                .filter(process -> process.name().startsWith(TaskManager.NAME_PREFIX) && process.isAlive())
                .toList();
    }

    /**
     * A process of the stack.
     *
     * @throws StackException if none of that name runs
     */
    public ManagedProcess running(String name) {
        ManagedProcess process = process(name);
        if (!process.isAlive()) {
            throw new StackException(name + " does not run; see what does with: rebound stack status");
        }
        return process;
    }

    /** Starts one component alone, if it does not run, and waits until it is well. */
    public void start(String name, ProgressListener listener) {
        exclusively(() -> {
            start(components().stream().filter(each -> each.name().equals(name)).toList(), listener);
            return null;
        });
    }

    /** Starts one more TaskManager, in the place of one that has gone if there is one, and waits until it is well. */
    public ManagedProcess startTaskManager(ProgressListener listener) {
        return exclusively(() -> {
            int number = 1;
            while (process(TaskManager.NAME_PREFIX + number).isAlive()) {
                number++;
            }
            TaskManager added = taskManager(number);
            start(List.of(added), listener);
            return process(added.name());
        });
    }

    private List<StackComponent> components() {
        List<StackComponent> components =
                new ArrayList<>(List.of(kafka, new NameNode(layout, ports, hdfs), new DataNode(ports, hdfs)));
        if (isHighlyAvailable()) {
            components.add(new ZooKeeper(layout, ports));
        }
        components.addAll(jobManagers());
        for (int number = 1; number <= TASK_MANAGERS; number++) {
            components.add(taskManager(number));
        }
        if (isHighlyAvailable()) {
            components.add(new Watchdog(layout));
        }
        return components;
    }

    private void start(List<StackComponent> components, ProgressListener listener) {
        for (StackComponent component : components) {
            if (!process(component.name()).isAlive()) {
                listener.progress(component.name(), "starting");
                checkPorts(component);
                component.prepare();
                process(component.name()).start(component.command());
            }
        }
        for (StackComponent component : components) {
            awaitWell(component);
            listener.progress(component.name(), "up");
        }
    }

    private void checkPorts(StackComponent component) {
        for (int port : component.ports()) {
            if (StackPorts.taken(port)) {
                throw new StackException("Can't start " + component.name() + ": another process listens on 127.0.0.1:"
                        + port + ". End that process, or start the stack on other ports.");
            }
        }
    }

    private void awaitWell(StackComponent component) {
        ManagedProcess process = process(component.name());
        RetryPolicy<Optional<String>> untilWell = RetryPolicy.<Optional<String>>builder()
                .handleResultIf(problem -> problem.isPresent() && process.isAlive())
                .withDelay(Duration.ofMillis(200))
                .withMaxDuration(START_PATIENCE)
                .withMaxRetries(-1)
                .build();
        Optional<String> problem = Failsafe.with(untilWell).get(component::problem);
        if (!process.isAlive()) {
            throw new StackException(component.name() + " ended right after its start. " + process.lastWords());
        }
        if (problem.isPresent()) {
            throw new StackException(component.name() + " is not well after " + START_PATIENCE.toSeconds() + " s: "
                    + problem.get() + ". " + process.lastWords());
        }
    }

    private ComponentStatus status(StackComponent component) {
        OptionalLong pid = process(component.name()).pid();
        Optional<String> problem = pid.isPresent() ? component.problem() : Optional.of("it does not run");
        return new ComponentStatus(component.name(), pid, problem);
    }

    private static void stop(List<ManagedProcess> processes, ProgressListener listener) {
        processes.forEach(ManagedProcess::terminate);
        for (ManagedProcess process : processes) {
            process.awaitEnd(STOP_PATIENCE);
            listener.progress(process.name(), "stopped");
        }
    }

    private static boolean isFlink(ManagedProcess process) {
        return isFlink(process.name());
    }

    private static boolean isFlink(String process) {
        return process.startsWith(JobManager.FIRST) || process.startsWith(TaskManager.NAME_PREFIX);
    }

    private static boolean isWatchdog(ManagedProcess process) {
        return process.name().equals(Watchdog.NAME);
    }

    /** By pid file, in the order of their names. */
    private List<ManagedProcess> recorded() {
        if (!Files.isDirectory(layout.run())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(layout.run())) {
            Map<String, ManagedProcess> byName = new TreeMap<>();
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".pid"))
                    .map(file -> file.substring(0, file.length() - ".pid".length()))
                    .forEach(name -> byName.put(name, process(name)));
            return List.copyOf(byName.values());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't list " + layout.run(), e);
        }
    }

    private ManagedProcess process(String name) {
        return new ManagedProcess(layout, name);
    }

    /** Two commands at once would start everything twice. */
    private <T> T exclusively(Supplier<T> action) {
        Path file = layout.run().resolve("lock");
        try {
            Files.createDirectories(layout.run());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
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
