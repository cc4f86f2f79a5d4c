package dev.rebound.deploy.lab.drill;

import java.util.Locale;

/** What happens in a drill. */
public enum DrillKind {
    /** The job is moved to the standby in an orderly way. */
    PLANNED,
    /** Every process of the primary dies at once. */
    SITE_LOSS,
    /** The same, after the mirror has hung for a minute. */
    MIRROR_LAG,
    /** Every process of the primary freezes, and wakes up after the take-over. */
    ZOMBIE,
    /** The command to take over is killed after each of its steps, and repeated. */
    KILLED_COMMAND,
    /** Two operators take over at once. */
    DOUBLE_CLAIM,
    /** After a site loss, the job is moved back to where it was. */
    FAILBACK;

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
