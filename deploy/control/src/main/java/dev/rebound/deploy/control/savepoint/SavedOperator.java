package dev.rebound.deploy.control.savepoint;

/**
 * An operator as a savepoint has it.
 *
 * @param uid empty where the savepoint is older than Flink 2.1, which began to write uids
 * @param operatorId the hash that the state is found by, in hex
 * @param bytes of its state
 */
public record SavedOperator(
        String uid, String name, String operatorId, int parallelism, int maxParallelism, long bytes) {

    /** How it is named to people. */
    public String label() {
        return uid.isEmpty() ? name.isEmpty() ? operatorId : name : uid;
    }
}
