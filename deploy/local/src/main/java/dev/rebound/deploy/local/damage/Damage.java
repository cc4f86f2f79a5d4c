package dev.rebound.deploy.local.damage;

import dev.rebound.deploy.local.LocalStack;

/**
 * One change that a fault makes to a stack.
 *
 * @param to a port, process, folder or topic, as the kind says
 */
public record Damage(Kind kind, String to) {

    /** What is changed, and how that is undone: by any process, and any number of times. In the order of undoing. */
    public enum Kind {
        /** Of a port. What follows has to reach the servers. */
        DROPPED_PACKETS("the firewall drops the packets of port ") {
            @Override
            void undo(LocalStack stack, String port) {
                Firewall.open(Integer.parseInt(port));
            }
        },
        /** A process that SIGSTOP holds still. */
        FROZEN("stopped with SIGSTOP: ") {
            @Override
            void undo(LocalStack stack, String process) {
                stack.thaw(process);
            }
        },
        /** HDFS; before all that waits until HDFS takes writes. */
        SAFE_MODE("safe mode of HDFS at ") {
            @Override
            void undo(LocalStack stack, String address) {
                HdfsDamage.leaveSafeMode(stack);
            }
        },
        /** A folder of HDFS. */
        QUOTA("a space quota of 1 byte in HDFS on ") {
            @Override
            void undo(LocalStack stack, String folder) {
                HdfsDamage.clearQuota(stack, folder);
            }
        },
        /** A topic. */
        DENIED_WRITES("nobody may write to topic ") {
            @Override
            void undo(LocalStack stack, String topic) {
                DeniedWrites.to(topic).end(stack);
            }
        },
        /** A process. */
        ENDED("killed: ") {
            @Override
            void undo(LocalStack stack, String process) {
                stack.up((component, message) -> {});
            }
        };

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        abstract void undo(LocalStack stack, String to);
    }

    /** For people. */
    String text() {
        return kind.text + to;
    }
}
