package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.local.FlinkRest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.StackException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The network between two components swallows every packet: rules of Linux' firewall on the loopback interface, for the ports
 * of one of the two. Needs root.
 */
final class NetworkFault implements Fault {
    private static final String COMMENT = "rebound-chaos";

    /** Between whom. */
    enum Link {
        KAFKA("network-kafka", "Kafka is cut off from its clients: they try again", 5, 15) {
            @Override
            IntStream ports(LocalStack stack) {
                return IntStream.of(stack.ports().kafka());
            }
        },
        HDFS(
                "network-hdfs",
                "the NameNode is cut off from its clients: checkpoints wait or fail, the job goes on",
                5,
                15) {
            @Override
            IntStream ports(LocalStack stack) {
                return IntStream.of(stack.ports().nameNode());
            }
        },
        JOB_MANAGER(
                "network-jobmanager",
                "JobManager and TaskManagers are cut off from each other for longer than their heartbeats' timeout: the job"
                        + " restarts when they meet again",
                12,
                20) {
            @Override
            IntStream ports(LocalStack stack) {
                return IntStream.of(stack.ports().jobManagerRpc(), stack.ports().standbyRpc());
            }
        },
        TASK_MANAGERS("network-taskmanagers", "the TaskManagers can't exchange records: checkpoints wait", 5, 12) {
            @Override
            IntStream ports(LocalStack stack) {
                return stack.rest().taskManagers().stream().mapToInt(FlinkRest.TaskManagerInfo::dataPort);
            }

            /** After a failover all tasks may be on one of them, which exchanges nothing; a new start spreads them. */
            @Override
            void prepare(Target target) {
                if (target.rest().taskManagers().stream().anyMatch(each -> each.freeSlots() == each.slotsNumber())) {
                    target.resume(target.stop());
                    target.awaitCompletion();
                }
            }
        };

        private final String faultName;
        private final String description;
        private final int leastSeconds;
        private final int mostSeconds;

        Link(String faultName, String description, int leastSeconds, int mostSeconds) {
            this.faultName = faultName;
            this.description = description;
            this.leastSeconds = leastSeconds;
            this.mostSeconds = mostSeconds;
        }

        abstract IntStream ports(LocalStack stack);

        /** Brings about what the fault needs to be one. */
        void prepare(Target target) {}
    }

    private final Link link;
    private final List<List<String>> rules = new ArrayList<>();

    NetworkFault(Link link) {
        this.link = link;
        Runtime.getRuntime().addShutdownHook(new Thread(this::open, "open-" + link.faultName));
    }

    @Override
    public String name() {
        return link.faultName;
    }

    @Override
    public String description() {
        return link.description;
    }

    @Override
    public Optional<String> impossible(LocalStack stack) {
        try {
            return run("-n", "-L", "OUTPUT").isEmpty() ? Optional.empty() : Optional.of("it takes root and iptables");
        } catch (IOException e) {
            return Optional.of("it takes iptables: " + e.getMessage());
        }
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        link.prepare(target);
        int[] ports = link.ports(target.stack()).toArray();
        long struckMillis = System.currentTimeMillis();
        for (int port : ports) {
            for (String side : List.of("--dport", "--sport")) {
                List<String> rule = List.of(
                        "OUTPUT",
                        "-o",
                        "lo",
                        "-p",
                        "tcp",
                        side,
                        String.valueOf(port),
                        "-m",
                        "comment",
                        "--comment",
                        COMMENT,
                        "-j",
                        "DROP");
                change("-I", rule);
                synchronized (rules) {
                    rules.add(rule);
                }
            }
        }
        return struckMillis;
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return random.nextLong(link.leastSeconds * 1000L, link.mostSeconds * 1000L + 1);
    }

    @Override
    public void heal(Target target) {
        open();
    }

    private void open() {
        synchronized (rules) {
            rules.forEach(rule -> change("-D", rule));
            rules.clear();
        }
    }

    private static void change(String action, List<String> rule) {
        List<String> arguments = new ArrayList<>(List.of(action));
        arguments.addAll(rule);
        try {
            run(arguments.toArray(String[]::new)).ifPresent(problem -> {
                throw new StackException("iptables " + String.join(" ", arguments) + ": " + problem);
            });
        } catch (IOException e) {
            throw new StackException("Can't run iptables", e);
        }
    }

    /** What it says where it fails; empty where it does not. */
    private static Optional<String> run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("iptables", "-w"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while changing the firewall", e);
        }
    }
}
