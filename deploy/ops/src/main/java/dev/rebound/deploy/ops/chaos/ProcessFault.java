package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A process of the stack that dies, or that hangs for a while. */
final class ProcessFault implements Fault {
    /** What becomes of the process. */
    enum Blow {
        /** SIGKILL; started again when the fault is over. */
        KILL,
        /** SIGSTOP, and SIGCONT when the fault is over: a zombie that comes back. */
        FREEZE
    }

    /** When it happens. */
    enum Phase {
        ANY,
        /** While the barriers of a checkpoint travel or its state is written. */
        AT_BARRIER,
        /** Between the completion of a checkpoint and the commit of its transactions. */
        AT_COMMIT
    }

    private final String name;
    private final String description;
    private final String process;
    private final Blow blow;
    private final Phase phase;
    private final int leastSeconds;
    private final int mostSeconds;
    private @Nullable ManagedProcess victim;

    /** @param process name of the process; {@code taskmanager} is any of them */
    ProcessFault(
            String name,
            String description,
            String process,
            Blow blow,
            Phase phase,
            int leastSeconds,
            int mostSeconds) {
        this.name = name;
        this.description = description;
        this.process = process;
        this.blow = blow;
        this.phase = phase;
        this.leastSeconds = leastSeconds;
        this.mostSeconds = mostSeconds;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        ManagedProcess chosen = choose(target, random);
        victim = chosen;
        switch (phase) {
            case ANY -> {}
            case AT_BARRIER -> target.awaitBarrier();
            case AT_COMMIT -> target.awaitCompletion();
        }
        long struckMillis = System.currentTimeMillis();
        if (blow == Blow.KILL) {
            chosen.kill();
        } else {
            chosen.freeze();
        }
        return struckMillis;
    }

    private ManagedProcess choose(Target target, SplittableRandom random) {
        if (!process.equals("taskmanager")) {
            return target.stack().running(process);
        }
        List<ManagedProcess> all = target.stack().taskManagers();
        return all.get(random.nextInt(all.size()));
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return random.nextLong(leastSeconds * 1000L, mostSeconds * 1000L + 1);
    }

    @Override
    public void heal(Target target) {
        if (blow == Blow.FREEZE && victim != null && victim.isAlive()) {
            victim.thaw();
        }
        target.stack().up(ProgressListener.SILENT);
    }
}
