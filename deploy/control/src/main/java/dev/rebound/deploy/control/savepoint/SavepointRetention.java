package dev.rebound.deploy.control.savepoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides which savepoints may go. */
public final class SavepointRetention {
    private SavepointRetention() {}

    /**
     * What is to be done.
     *
     * @param delete ids
     * @param keep id and why
     */
    public record Plan(List<String> delete, Map<String, String> keep) {}

    /**
     * Keeps the newest whole savepoints and all that are in use. One without metadata is left alone: it may be one that is
     * being written.
     *
     * @param all the newest first
     * @param inUse id and why it must not go
     * @param keep how many whole ones to keep at least
     */
    public static Plan plan(List<StoredSavepoint> all, Map<String, String> inUse, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("--keep " + keep + ": at least 1 has to be kept");
        }
        List<String> delete = new ArrayList<>();
        Map<String, String> kept = new LinkedHashMap<>();
        int whole = 0;
        for (StoredSavepoint each : all) {
            boolean isWhole = each.content().isWhole();
            whole += isWhole ? 1 : 0;
            if (inUse.containsKey(each.id())) {
                kept.put(each.id(), inUse.get(each.id()));
            } else if (isWhole && whole <= keep) {
                kept.put(each.id(), "one of the newest " + keep);
            } else if (!isWhole && each.manifest().isEmpty()) {
                kept.put(each.id(), "not complete: it may be one that is being written");
            } else {
                delete.add(each.id());
            }
        }
        return new Plan(delete, kept);
    }
}
