package dev.rebound.deploy.local;

import dev.rebound.checkpoints.Environment;
import dev.rebound.checkpoints.FlinkSettings;
import dev.rebound.deploy.site.FlinkAccess;
import dev.rebound.deploy.site.FlinkCluster;
import dev.rebound.deploy.site.FlinkCommandLine;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.SiteFiles;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.schemas.Topic;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Kafka, HDFS and Flink as processes of this machine, all on 127.0.0.1.
 *
 * <p>The processes outlive the command that starts them; any later {@code LocalStack} over the same folder knows them by
 * their pid files.
 */
public final class LocalStack implements Site {

    /** The name of the stack that a command means unless it names another; that of a job without options too. */
    public static final String MAIN = "main";

    /** How many TaskManagers {@link #up} starts. */
    public static final int TASK_MANAGERS = 2;

    private final String name;
    private final StackLayout layout;
    private final StackProcesses processes;
    private final StackPorts ports;
    private final StackShape shape;
    private final KafkaBroker kafka;
    private final Hdfs hdfs;
    private final FlinkConfiguration flink;
    private final FlinkRest rest;
    private final SiteFiles files;

    public LocalStack(StackLayout layout, StackPorts ports) {
        this(layout, ports, StackShape.SINGLE);
    }

    public LocalStack(StackLayout layout, StackPorts ports, StackShape shape) {
        this(MAIN, layout, ports, shape);
    }

    /** @param name tells apart those whose topics are copied to each other */
    public LocalStack(String name, StackLayout layout, StackPorts ports, StackShape shape) {
        this.name = name;
        this.layout = layout;
        this.processes = new StackProcesses(layout);
        this.ports = ports;
        this.shape = shape;
        this.kafka = new KafkaBroker(layout, ports);
        this.hdfs = new Hdfs(layout, ports);
        this.flink = new FlinkConfiguration(layout, ports, hdfs, shape);
        this.rest = new FlinkRest(FlinkAccess.plain(
                isHighlyAvailable()
                        ? List.of(loopback(ports.flinkRest()), loopback(ports.standbyRest()))
                        : List.of(loopback(ports.flinkRest()))));
        URI root = hdfs.uri().resolve(FlinkConfiguration.HDFS_ROOT);
        this.files = new SiteFiles(root, URI.create(root + "/models"), hdfs::clientConfiguration, null);
    }

    /** The stack of this folder, on the ports and of the shape that it was started with, else the default ones. */
    public static LocalStack in(StackLayout layout) {
        return in(layout, MAIN);
    }

    /**
     * The stack of this name beside the main one, up or not.
     *
     * @param main layout of the main stack
     * @throws StackException if a stack can't have the name
     */
    public static LocalStack named(String name, StackLayout main) {
        if (!isName(name)) {
            throw new StackException("--site " + name + ": the name of a local stack has only a-z, 0-9 and the hyphen");
        }
        return name.equals(MAIN) ? in(main) : in(main.stack(name), name);
    }

    /** Whether there is a stack of this name; those beside the main one are made by their first start. */
    static boolean exists(String name, StackLayout main) {
        return name.equals(MAIN)
                || (isName(name) && Files.isDirectory(main.stack(name).run()));
    }

    private static boolean isName(String name) {
        return name.matches("[a-z0-9][a-z0-9-]*");
    }

    static LocalStack in(StackLayout layout, String name) {
        StackPorts ports = name.equals(MAIN) ? StackPorts.DEFAULT : StackPorts.BESIDE_DEFAULT;
        return new LocalStack(name, layout, StackPorts.of(layout, ports), StackShape.of(layout));
    }

    /** The same of another shape; a stack that runs has to be taken down first. */
    public LocalStack as(StackShape other) {
        return new LocalStack(name, layout, ports, other);
    }

    /** The same on other ports. */
    public LocalStack on(StackPorts others) {
        return new LocalStack(name, layout, others, shape);
    }

    /** The same on ports where nothing listens, those of before if they are free; a stack that runs stays on its own. */
    public LocalStack onFreePorts() {
        return isUp() ? this : on(StackPorts.free(layout));
    }

    /** Whether any of its processes runs. */
    public boolean isUp() {
        return components().stream().anyMatch(component -> isRunning(component.name()));
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

    @Override
    public String name() {
        return name;
    }

    @Override
    public long epoch() {
        return new NotedEpoch(layout).read();
    }

    @Override
    public void noteEpoch(long epoch) {
        new NotedEpoch(layout).write(epoch);
    }

    @Override
    public KafkaCluster kafka() {
        return KafkaCluster.plain(kafka.bootstrapServers());
    }

    @Override
    public TopicSettings topics() {
        return TopicSettings.ofOneBroker(Topic.DEFAULT_PREFIX);
    }

    @Override
    public boolean ownsItsTopics() {
        return true;
    }

    @Override
    public Environment environment() {
        return Environment.LOCAL;
    }

    @Override
    public int expectedTaskManagers() {
        return TASK_MANAGERS;
    }

    @Override
    public List<String> stopped() {
        return status().stream()
                .filter(component -> component.pid().isEmpty())
                .map(ComponentStatus::name)
                .toList();
    }

    @Override
    public FlinkCluster flink() {
        return new FlinkCluster(rest, new FlinkCommandLine(flink::client), this::flinkSettings);
    }

    /** Empty before the first start. */
    private org.apache.flink.configuration.Configuration flinkSettings() {
        return Files.exists(flinkConfDir().resolve(FlinkSettings.FILE_NAME))
                ? FlinkSettings.read(flinkConfDir())
                : new org.apache.flink.configuration.Configuration();
    }

    @Override
    public SiteFiles files() {
        return files;
    }

    @Override
    public Path scratch() {
        return layout.var();
    }

    @Override
    public List<Path> settingsFolders() {
        return List.of(flinkConfDir().getParent());
    }

    @Override
    public Path jobJar() {
        return layout.jobJar();
    }

    @Override
    public String logs() {
        return layout.logs().toString();
    }

    public URI hdfsUri() {
        return hdfs.uri();
    }

    /** A client of the stack's HDFS, which the caller closes. */
    public FileSystem openHdfs() {
        return files.open();
    }

    /** What a client of the stack's HDFS needs to know. */
    public Configuration hdfsSettings() {
        return files.hadoop();
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

    /**
     * Starts what does not run and waits until all of it is well. What runs stays as it is.
     *
     * @throws StackException if a component can't be started or does not get well; the others keep running
     */
    public void up(ProgressListener listener) {
        processes.exclusively(() -> {
            requireShape();
            ports.save(layout);
            shape.save(layout);
            flink.write();
            List<StackComponent> all = components();
            if (isHighlyAvailable()) {
                // A JobManager that keeps its leadership in HDFS ends at once where HDFS is still in safe mode.
                processes.start(
                        all.stream().filter(each -> !isFlink(each.name())).toList(), listener);
            }
            processes.start(all, listener);
            return null;
        });
    }

    /** Stops every process of the stack, also one that an earlier, broken start left. Data stays. */
    public void down(ProgressListener listener) {
        processes.exclusively(() -> {
            List<ManagedProcess> all = processes.recorded();
            // The watchdog before all others, which it would start again.
            processes.stop(all.stream().filter(LocalStack::isWatchdog).toList(), listener);
            // It commits what it has read, while Kafka is there.
            processes.stop(all.stream().filter(LocalStack::isMirror).toList(), listener);
            // Flink first: tasks that lose Kafka and HDFS under them would try to recover.
            processes.stop(all.stream().filter(LocalStack::isFlink).toList(), listener);
            processes.stop(
                    all.stream()
                            .filter(process -> !isFlink(process) && !isWatchdog(process) && !isMirror(process))
                            .toList(),
                    listener);
            Starter.forget(layout);
            return null;
        });
    }

    /**
     * Starts again every process that died, and does not wait for it. Those that were stopped stay so; while another
     * command starts or stops the stack, nothing happens.
     */
    public void restartDead(ProgressListener listener) {
        List<StackComponent> all = new ArrayList<>(components());
        for (int spare = TASK_MANAGERS + 1;
                processes.named(TaskManager.NAME_PREFIX + spare).wasStarted();
                spare++) {
            all.add(taskManager(spare));
        }
        all.add(mirror().component());
        for (StackComponent component : all) {
            ManagedProcess process = processes.named(component.name());
            if (process.wasStarted() && !process.isAlive() && !(component instanceof Watchdog)) {
                processes.exclusively(() -> {
                    // Another command may have stopped it meanwhile.
                    if (process.wasStarted() && !process.isAlive()) {
                        listener.progress(component.name(), "died, starting it again");
                        processes.startAlone(component);
                    }
                    return null;
                });
            }
        }
    }

    /**
     * Starts Flink again where each of two JobManagers believes that it leads, so that none does. The TaskManagers too, whose job
     * is suspended anyway: one that has seen the leader change a thousand times may miss the last change.
     */
    public void endRivalry(ProgressListener listener) {
        if (!isHighlyAvailable() || !isContested()) {
            return;
        }
        processes.exclusively(() -> {
            listener.progress("flink", "both JobManagers believe that they lead; starting all of it again");
            // First all are ended: one JobManager alone would go on to contest what the other one writes.
            processes.recorded().stream().filter(LocalStack::isFlink).forEach(ManagedProcess::kill);
            components().stream().filter(each -> isFlink(each.name())).forEach(processes::startAlone);
            return null;
        });
    }

    private boolean isContested() {
        return jobManagers().stream()
                        .allMatch(each -> processes.named(each.name()).isAlive())
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
        processes.exclusively(() -> {
            ManagedProcess bad = processes.named(taskManager);
            // Not asked to end: it may hang, and nothing that it still wants to do is wanted.
            bad.kill();
            bad.awaitEnd(Duration.ZERO);
            int number = TASK_MANAGERS + 1;
            while (processes.named(TaskManager.NAME_PREFIX + number).wasStarted()
                    || taskManager.equals(TaskManager.NAME_PREFIX + number)) {
                number++;
            }
            TaskManager spare = taskManager(number);
            listener.progress(taskManager, "taken out; " + spare.name() + " is started in its place");
            processes.startAlone(spare);
            return null;
        });
    }

    /** What copies the topics of another site to this one; it is started by itself and ends with the stack. */
    public LocalMirror mirror() {
        return new LocalMirror(layout, this);
    }

    private TaskManager taskManager(int number) {
        return new TaskManager(number, layout, flink, rest);
    }

    /** The JobManager that leads; empty while none does. Only of a highly available stack. */
    public Optional<ManagedProcess> leadingJobManager() {
        return LeadingJobManager.restAddress(flink.settings())
                .map(address -> processes.named(
                        address.getPort() == ports.standbyRest() ? JobManager.STANDBY : JobManager.FIRST));
    }

    private void requireShape() {
        StackShape running = StackShape.of(layout);
        if (running != shape && processes.recorded().stream().anyMatch(ManagedProcess::isAlive)) {
            throw new StackException("The stack runs, and its shape is " + running + ", not " + shape
                    + ". Take it down first: rebound stack down");
        }
    }

    /** The state of each component, the stopped ones too. */
    public List<ComponentStatus> status() {
        return components().stream().map(processes::status).toList();
    }

    /** The TaskManagers that run, by number. */
    public List<ManagedProcess> taskManagers() {
        return processes.recorded().stream()
                .filter(process -> process.name().startsWith(TaskManager.NAME_PREFIX) && process.isAlive())
                .toList();
    }

    /**
     * A process of the stack.
     *
     * @throws StackException if none of that name runs
     */
    public ManagedProcess running(String name) {
        ManagedProcess process = processes.named(name);
        if (!process.isAlive()) {
            throw new StackException(name + " does not run; see what does with: rebound stack status");
        }
        return process;
    }

    /** Whether a process of the stack runs, were it frozen. */
    public boolean isRunning(String name) {
        return processes.named(name).isAlive();
    }

    /** Lets a process go on if it is frozen; one that does not run stays so. */
    public void thaw(String name) {
        ManagedProcess process = processes.named(name);
        if (process.isAlive()) {
            process.thaw();
        }
    }

    /** Starts one component alone, if it does not run, and waits until it is well. */
    public void start(String name, ProgressListener listener) {
        processes.exclusively(() -> {
            processes.start(
                    components().stream()
                            .filter(each -> each.name().equals(name))
                            .toList(),
                    listener);
            return null;
        });
    }

    /** Starts one more TaskManager, in the place of one that has gone if there is one, and waits until it is well. */
    public ManagedProcess startTaskManager(ProgressListener listener) {
        return processes.exclusively(() -> {
            int number = 1;
            while (processes.named(TaskManager.NAME_PREFIX + number).isAlive()) {
                number++;
            }
            TaskManager added = taskManager(number);
            processes.start(List.of(added), listener);
            return processes.named(added.name());
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
            components.add(new Watchdog(layout, name));
        }
        return components;
    }

    private static boolean isFlink(ManagedProcess process) {
        return isFlink(process.name());
    }

    private static boolean isFlink(String process) {
        return process.startsWith(JobManager.FIRST) || process.startsWith(TaskManager.NAME_PREFIX);
    }

    private static boolean isMirror(ManagedProcess process) {
        return process.name().equals(LocalMirror.NAME);
    }

    private static boolean isWatchdog(ManagedProcess process) {
        return process.name().equals(Watchdog.NAME);
    }
}
