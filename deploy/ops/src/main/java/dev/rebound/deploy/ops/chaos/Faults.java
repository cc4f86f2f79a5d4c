package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.ops.chaos.HdfsFault.Cause;
import dev.rebound.deploy.ops.chaos.InputFault.Distortion;
import dev.rebound.deploy.ops.chaos.ProcessFault.Blow;
import dev.rebound.deploy.ops.chaos.ProcessFault.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every fault that a campaign draws from. */
final class Faults {
    private static final String RESTORED = "the latest checkpoint is restored, on the slots that are left";

    private Faults() {}

    /**
     * @param model name of the model that serves
     * @param version its version
     */
    static List<Fault> all(String model, String version) {
        List<Fault> faults = new ArrayList<>(List.of(
                process("taskmanager-kill", RESTORED, "taskmanager", Blow.KILL, Phase.ANY, 8, 15),
                process("taskmanager-kill-at-barrier", RESTORED, "taskmanager", Blow.KILL, Phase.AT_BARRIER, 8, 15),
                process("taskmanager-kill-at-commit", RESTORED, "taskmanager", Blow.KILL, Phase.AT_COMMIT, 8, 15),
                process(
                        "taskmanager-freeze",
                        "replaced after its heartbeats time out; when it comes back it can commit nothing",
                        "taskmanager",
                        Blow.FREEZE,
                        Phase.ANY,
                        15,
                        25),
                process(
                        "kafka-kill",
                        "the clients try again, or the job restarts",
                        "kafka",
                        Blow.KILL,
                        Phase.ANY,
                        3,
                        20),
                process(
                        "kafka-kill-at-commit",
                        "commits are tried again when the broker is back",
                        "kafka",
                        Blow.KILL,
                        Phase.AT_COMMIT,
                        3,
                        20),
                process(
                        "kafka-freeze",
                        "requests wait or time out, and are tried again",
                        "kafka",
                        Blow.FREEZE,
                        Phase.ANY,
                        3,
                        20),
                process("namenode-kill", "checkpoints fail, the job goes on", "namenode", Blow.KILL, Phase.ANY, 5, 20),
                process(
                        "namenode-freeze",
                        "checkpoints wait, the job goes on",
                        "namenode",
                        Blow.FREEZE,
                        Phase.ANY,
                        5,
                        20),
                process("datanode-kill", "checkpoints fail, the job goes on", "datanode", Blow.KILL, Phase.ANY, 5, 20),
                process(
                        "datanode-freeze",
                        "checkpoints wait, the job goes on",
                        "datanode",
                        Blow.FREEZE,
                        Phase.ANY,
                        5,
                        20),
                new RestartFault("job-cancel", "cancelled, and started from its newest checkpoint", false),
                new RestartFault("job-restart", "stopped with a savepoint, and started from it", true),
                new ModelFault(model, version)));
        Stream.of(Cause.values()).map(HdfsFault::new).forEach(faults::add);
        Stream.of(Distortion.values()).map(InputFault::new).forEach(faults::add);
        faults.addAll(doubles(List.copyOf(faults)));
        return faults;
    }

    /** Of parts that depend on each other, so that each could pass for the other's effect. */
    private static List<Fault> doubles(List<Fault> singles) {
        return List.of(
                DoubleFault.of("namenode-kill", "taskmanager-kill", singles),
                DoubleFault.of("datanode-kill", "taskmanager-kill", singles),
                DoubleFault.of("model-tampered", "kafka-kill", singles),
                DoubleFault.of("kafka-kill", "namenode-kill", singles));
    }

    private static Fault process(
            String name,
            String description,
            String process,
            Blow blow,
            Phase phase,
            int leastSeconds,
            int mostSeconds) {
        return new ProcessFault(name, description, process, blow, phase, leastSeconds, mostSeconds);
    }
}
