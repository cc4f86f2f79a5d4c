package dev.rebound.jobs;

import java.util.regex.Pattern;

/**
 * Under which names the sinks of a job keep their state and their transactions.
 *
 * <p>A savepoint that is not the newest of its job holds transactions that were committed or aborted since, and ids that
 * were used again. A job that goes back to one begins a new generation of sinks: it knows nothing of the transactions
 * of the one before, and can neither commit nor abort them.
 *
 * @param generation 0 for the first, whose names have no number
 */
public record SinkNames(int generation) {
    private static final Pattern UID = Pattern.compile("(Sink Committer: )?[a-z-]+-sink(-g[0-9]+)?");

    /** The uid of a sink. */
    public String uid(String sink) {
        return numbered(sink + "-sink");
    }

    /** The part of the sink's transactional ids. */
    public String transactions(String sink) {
        return numbered(sink);
    }

    private String numbered(String name) {
        return generation == 0 ? name : name + "-g" + generation;
    }

    /** Whether an operator of this uid is part of a sink, of any generation. */
    public static boolean isPartOfSink(String uid) {
        return UID.matcher(uid).matches();
    }
}
