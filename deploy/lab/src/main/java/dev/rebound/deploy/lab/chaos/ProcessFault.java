package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ManagedProcess;
import dev.rebound.deploy.local.StackException;
import dev.rebound.deploy.local.damage.Damage;
import dev.rebound.deploy.site.FlinkRest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
        KILL(Damage.Kind.ENDED) {
            @Override
            void strike(ManagedProcess victim) {
                victim.kill();
            }
        },
        /** SIGSEGV, as a fault in native code; started again when the fault is over. */
        CRASH(Damage.Kind.ENDED) {
            @Override
            void strike(ManagedProcess victim) {
                victim.crash();
            }
        },
        /** SIGSTOP, and SIGCONT when the fault is over: a zombie that comes back. */
        FREEZE(Damage.Kind.FROZEN) {
            @Override
            void strike(ManagedProcess victim) {
                victim.freeze();
            }
        };

        private final Damage.Kind damage;

        Blow(Damage.Kind damage) {
            this.damage = damage;
        }

        abstract void strike(ManagedProcess victim);
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
    private final Victim victim;
    private final Blow blow;
    private final Phase phase;
    private final int leastSeconds;
    private final int mostSeconds;
    private boolean missed;

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
        List<ManagedProcess> struck = victim.of(target, random);
        List<ManagedProcess> others = othersHeld(target, struck);
        target.willDamage(Stream.concat(
                        struck.stream().flatMap(this::damage),
                        others.stream().map(each -> new Damage(Damage.Kind.FROZEN, each.name())))
                .toList());
        long struckMillis = awaitPhase(target, struck, others, random);
        struck.forEach(blow::strike);
        return struckMillis;
    }

    /** To hit a commit, it is held before it is struck. */
    private Stream<Damage> damage(ManagedProcess process) {
        Damage struck = new Damage(blow.damage, process.name());
        return phase == Phase.AT_COMMIT
                ? Stream.of(new Damage(Damage.Kind.FROZEN, process.name()), struck)
                : Stream.of(struck);
    }

    private long awaitPhase(
            Target target, List<ManagedProcess> struck, List<ManagedProcess> others, SplittableRandom random) {
        missed = false;
        if (phase == Phase.AT_BARRIER) {
            target.awaitBarrier();
        } else if (phase == Phase.AT_COMMIT) {
            OptionalLong held = new CommitWindow(target, random).hold(struck, others);
            missed = held.isEmpty();
            return held.orElseGet(System::currentTimeMillis);
        }
        return System.currentTimeMillis();
    }

    /** To hit the commit of one TaskManager, the others are made to acknowledge the checkpoint after it. */
    private List<ManagedProcess> othersHeld(Target target, List<ManagedProcess> struck) {
        if (phase != Phase.AT_COMMIT || victim != Victim.TASK_MANAGER) {
            return List.of();
        }
        Set<String> names = struck.stream().map(ManagedProcess::name).collect(Collectors.toSet());
        return target.stack().taskManagers().stream()
                .filter(each -> each.isAlive() && !names.contains(each.name()))
                .toList();
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return random.nextLong(leastSeconds * 1000L, mostSeconds * 1000L + 1);
    }

    @Override
    public List<String> findings() {
        return missed
                ? List.of(
                        "struck at any moment: no checkpoint completed while the victim was held, so that the commit was"
                                + " not hit; try it again")
                : List.of();
    }
}
