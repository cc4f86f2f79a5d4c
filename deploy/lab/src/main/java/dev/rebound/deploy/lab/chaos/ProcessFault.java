package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.StackException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Processes of the stack that die, or that hang for a while. */
final class ProcessFault implements Fault {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Which processes. */
    enum Victim {
        /** One that has tasks. */
        TASK_MANAGER {
            @Override
            List<ManagedProcess> of(Target target, SplittableRandom random) {
                Set<String> busy = target.rest().taskManagers().stream()
                        .filter(each -> each.freeSlots() < each.slotsNumber())
                        .map(FlinkRest.TaskManagerInfo::id)
                        .collect(Collectors.toSet());
                List<ManagedProcess> all = target.stack().taskManagers().stream()
                        .filter(each -> busy.contains(each.name()))
                        .toList();
                return List.of(all.get(random.nextInt(all.size())));
            }
        },
        /** The one that leads. */
        JOB_MANAGER {
            @Override
            List<ManagedProcess> of(Target target, SplittableRandom random) {
                return List.of(target.stack()
                        .leadingJobManager()
                        .orElseThrow(() -> new StackException("No JobManager leads now")));
            }
        },
        ZOO_KEEPER {
            @Override
            List<ManagedProcess> of(Target target, SplittableRandom random) {
                return List.of(target.stack().running("zookeeper"));
            }
        },
        KAFKA {
            @Override
            List<ManagedProcess> of(Target target, SplittableRandom random) {
                return List.of(target.stack().running("kafka"));
            }
        },
        NAME_NODE {
            @Override
            List<ManagedProcess> of(Target target, SplittableRandom random) {
                return List.of(target.stack().running("namenode"));
            }
        },
        DATA_NODE {
            @Override
            List<ManagedProcess> of(Target target, SplittableRandom random) {
                return List.of(target.stack().running("datanode"));
            }
        },
        HDFS {
            @Override
            List<ManagedProcess> of(Target target, SplittableRandom random) {
                return Stream.of(NAME_NODE, DATA_NODE)
                        .flatMap(each -> each.of(target, random).stream())
                        .toList();
            }
        };

        abstract List<ManagedProcess> of(Target target, SplittableRandom random);
    }

    /** What becomes of them. */
    enum Blow {
        /** SIGKILL; started again when the fault is over. */
        KILL {
            @Override
            void strike(ManagedProcess victim) {
                victim.kill();
            }
        },
        /** SIGSEGV, as a fault in native code; started again when the fault is over. */
        CRASH {
            @Override
            void strike(ManagedProcess victim) {
                victim.crash();
            }
        },
        /** SIGSTOP, and SIGCONT when the fault is over: a zombie that comes back. */
        FREEZE {
            @Override
            void strike(ManagedProcess victim) {
                victim.freeze();
            }
        };

        abstract void strike(ManagedProcess victim);
    }

    /** When it happens. */
    enum Phase {
        ANY {
            @Override
            void await(Target target) {}
        },
        /** While the barriers of a checkpoint travel or its state is written. */
        AT_BARRIER {
            @Override
            void await(Target target) {
                target.awaitBarrier();
            }
        },
        /** Between the completion of a checkpoint and the commit of its transactions. */
        AT_COMMIT {
            @Override
            void await(Target target) {
                target.awaitCompletion();
            }
        };

        abstract void await(Target target);
    }

    private final String name;
    private final String description;
    private final Victim victim;
    private final Blow blow;
    private final Phase phase;
    private final int leastSeconds;
    private final int mostSeconds;
    private List<ManagedProcess> struck = List.of();

    ProcessFault(
            String name, String description, Victim victim, Blow blow, Phase phase, int leastSeconds, int mostSeconds) {
        this.name = name;
        this.description = description;
        this.victim = victim;
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
    public Optional<String> impossible(LocalStack stack) {
        boolean needsStandby = victim == Victim.JOB_MANAGER || victim == Victim.ZOO_KEEPER;
        return needsStandby && !stack.isHighlyAvailable()
                ? Optional.of("it takes a standby JobManager: --ha")
                : Optional.empty();
    }

    @Override
    public boolean takesLong() {
        return leastSeconds >= LONG.toSeconds();
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        struck = victim.of(target, random);
        phase.await(target);
        long struckMillis = System.currentTimeMillis();
        struck.forEach(blow::strike);
        return struckMillis;
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return random.nextLong(leastSeconds * 1000L, mostSeconds * 1000L + 1);
    }

    @Override
    public void heal(Target target) {
        if (blow == Blow.FREEZE) {
            struck.stream().filter(ManagedProcess::isAlive).forEach(ManagedProcess::thaw);
        }
        target.stack().up(ProgressListener.SILENT);
    }
}
