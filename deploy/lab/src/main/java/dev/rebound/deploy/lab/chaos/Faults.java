package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.lab.chaos.HdfsFault.Cause;
import dev.rebound.deploy.lab.chaos.InputFault.Distortion;
import dev.rebound.deploy.lab.chaos.ProcessFault.Blow;
import dev.rebound.deploy.lab.chaos.ProcessFault.Phase;
import dev.rebound.deploy.lab.chaos.ProcessFault.Victim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every fault that a campaign draws from. */
public final class Faults {
    private static final String RESTORED = "the latest checkpoint is restored, on the slots that are left";
    private static final String GOES_ON = "checkpoints fail or wait, the job goes on";

    private Faults() {}

    /**
     * @param model name of the model that serves
     * @param version its version
     */
    public static List<Fault> all(String model, String version) {
        List<Fault> faults = new ArrayList<>(processes());
        Stream.of(RestartFault.Way.values()).map(RestartFault::new).forEach(faults::add);
        Stream.of(ReplayFault.Way.values()).map(ReplayFault::new).forEach(faults::add);
        faults.add(new LongTransactionFault());
        Stream.of(NetworkFault.Link.values()).map(NetworkFault::new).forEach(faults::add);
        Stream.of(Cause.values()).map(HdfsFault::new).forEach(faults::add);
        Stream.of(Distortion.values()).map(InputFault::new).forEach(faults::add);
        Stream.of(PartitionFault.Change.values()).map(PartitionFault::new).forEach(faults::add);
        faults.add(new ModelFault(model, version));
        faults.add(new AclFault());
        faults.add(new OptionFault());
        faults.addAll(doubles(List.copyOf(faults)));
        return faults;
    }

    /** Of parts that depend on each other, so that each could pass for the other's effect. */
    private static List<Fault> doubles(List<Fault> singles) {
        return List.of(
                DoubleFault.of("namenode-kill", "taskmanager-kill", singles),
                DoubleFault.of("datanode-kill", "taskmanager-kill", singles),
                DoubleFault.of("datanode-kill", "jobmanager-kill", singles),
                DoubleFault.of("model-tampered", "kafka-kill", singles),
                DoubleFault.of("kafka-kill", "namenode-kill", singles));
    }

    private static List<Fault> processes() {
        return List.of(
                process("taskmanager-kill", RESTORED, Victim.TASK_MANAGER, Blow.KILL, Phase.ANY, 6, 10),
                process(
                        "taskmanager-kill-at-barrier",
                        RESTORED,
                        Victim.TASK_MANAGER,
                        Blow.KILL,
                        Phase.AT_BARRIER,
                        6,
                        10),
                process("taskmanager-kill-at-commit", RESTORED, Victim.TASK_MANAGER, Blow.KILL, Phase.AT_COMMIT, 6, 10),
                process(
                        "taskmanager-crash",
                        "as libtorch would: " + RESTORED,
                        Victim.TASK_MANAGER,
                        Blow.CRASH,
                        Phase.ANY,
                        6,
                        10),
                process(
                        "taskmanager-freeze",
                        "replaced after its heartbeats time out; when it comes back it can commit nothing",
                        Victim.TASK_MANAGER,
                        Blow.FREEZE,
                        Phase.ANY,
                        13,
                        20),
                process(
                        "jobmanager-kill",
                        "the other one leads, and the job goes on under its id",
                        Victim.JOB_MANAGER,
                        Blow.KILL,
                        Phase.ANY,
                        8,
                        12),
                process(
                        "jobmanager-freeze",
                        "the other one leads; when the first comes back it leads nobody",
                        Victim.JOB_MANAGER,
                        Blow.FREEZE,
                        Phase.ANY,
                        10,
                        18),
                process(
                        "zookeeper-kill",
                        "no JobManager leads for as long; then the job is restored",
                        Victim.ZOO_KEEPER,
                        Blow.KILL,
                        Phase.ANY,
                        3,
                        12),
                process(
                        "kafka-kill",
                        "the clients try again, or the job restarts",
                        Victim.KAFKA,
                        Blow.KILL,
                        Phase.ANY,
                        2,
                        12),
                process(
                        "kafka-kill-at-commit",
                        "commits are tried again when the broker is back",
                        Victim.KAFKA,
                        Blow.KILL,
                        Phase.AT_COMMIT,
                        2,
                        12),
                process(
                        "kafka-freeze",
                        "requests wait or time out, and are tried again",
                        Victim.KAFKA,
                        Blow.FREEZE,
                        Phase.ANY,
                        2,
                        15),
                process(
                        "kafka-outage",
                        "down for two minutes: the job catches up by itself",
                        Victim.KAFKA,
                        Blow.KILL,
                        Phase.ANY,
                        120,
                        120),
                process("namenode-kill", GOES_ON, Victim.NAME_NODE, Blow.KILL, Phase.ANY, 4, 12),
                process("namenode-freeze", GOES_ON, Victim.NAME_NODE, Blow.FREEZE, Phase.ANY, 4, 12),
                process("datanode-kill", GOES_ON, Victim.DATA_NODE, Blow.KILL, Phase.ANY, 4, 12),
                process("datanode-freeze", GOES_ON, Victim.DATA_NODE, Blow.FREEZE, Phase.ANY, 4, 12),
                process(
                        "hdfs-outage",
                        "down for two minutes: the job goes on, and makes checkpoints again by itself",
                        Victim.HDFS,
                        Blow.KILL,
                        Phase.ANY,
                        120,
                        120));
    }

    private static Fault process(
            String name, String description, Victim victim, Blow blow, Phase phase, int leastSeconds, int mostSeconds) {
        return new ProcessFault(name, description, victim, blow, phase, leastSeconds, mostSeconds);
    }
}
