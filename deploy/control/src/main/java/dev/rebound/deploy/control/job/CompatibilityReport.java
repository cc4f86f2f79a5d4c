package dev.rebound.deploy.control.job;

import java.io.PrintWriter;
import java.util.List;

/**
 * Whether a job can go on from a savepoint.
 *
 * @param problems what would not be restored, or would be lost
 * @param dropped sinks whose state is left behind on purpose
 * @param fresh operators of the job that the savepoint does not know: they begin empty
 */
public record CompatibilityReport(List<String> problems, List<String> dropped, List<String> fresh) {

    public boolean isCompatible() {
        return problems.isEmpty();
    }

    public void print(PrintWriter out) {
        problems.forEach(problem -> out.println("NO    " + problem));
        dropped.forEach(uid -> out.println("LEFT  the state of " + uid));
        fresh.forEach(uid -> out.println("EMPTY " + uid + ", which the savepoint does not have"));
        out.println(isCompatible() ? "Can be restored." : "Can't be restored, see above.");
    }
}
