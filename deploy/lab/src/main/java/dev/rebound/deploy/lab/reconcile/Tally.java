package dev.rebound.deploy.lab.reconcile;

import java.util.List;
import java.util.function.Supplier;

/** Counts what is wrong in one way, and keeps the first as an example. */
final class Tally {
    private final String what;
    private long count;
    private String example = "";

    /** @param what is wrong, after the number */
    Tally(String what) {
        this.what = what;
    }

    void add(Supplier<String> asExample) {
        if (count++ == 0) {
            example = asExample.get();
        }
    }

    long count() {
        return count;
    }

    /** Adds a finding if there was anything. */
    void into(List<String> findings) {
        if (count > 0) {
            findings.add(count + " " + what + ", such as " + example);
        }
    }
}
