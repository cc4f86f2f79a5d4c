package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.damage.Damage;
import dev.rebound.deploy.local.damage.Firewall;
import dev.rebound.deploy.site.FlinkRest;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The network between two components swallows every packet: rules of Linux' firewall on the loopback interface, for the ports
 * of one of the two. Needs root.
 */
final class NetworkFault implements Fault {
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

    NetworkFault(Link link) {
        this.link = link;
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
        return Firewall.impossible();
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        link.prepare(target);
        int[] ports = link.ports(target.stack()).toArray();
        target.willDamage(IntStream.of(ports)
                .mapToObj(port -> new Damage(Damage.Kind.DROPPED_PACKETS, String.valueOf(port)))
                .toList());
        long struckMillis = System.currentTimeMillis();
        IntStream.of(ports).forEach(Firewall::close);
        return struckMillis;
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return random.nextLong(link.leastSeconds * 1000L, link.mostSeconds * 1000L + 1);
    }
}
