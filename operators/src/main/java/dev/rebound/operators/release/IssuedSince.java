package dev.rebound.operators.release;

import dev.rebound.schemas.ModelRelease;
import org.apache.flink.api.common.functions.FilterFunction;

/**
 * Lets releases pass that were issued at a time or later. A job that went back to a savepoint reads the releases after it
 * again; without this, each of them would score for a moment until the one comes that takes it back.
 */
public final class IssuedSince implements FilterFunction<ModelRelease> {
    private static final long serialVersionUID = 1L;

    private final long sinceMillis;

    /** @param sinceMillis milliseconds since 1970-01-01 UTC */
    public IssuedSince(long sinceMillis) {
        this.sinceMillis = sinceMillis;
    }

    @Override
    public boolean filter(ModelRelease release) {
        return release.getIssuedAt() >= sinceMillis;
    }
}
