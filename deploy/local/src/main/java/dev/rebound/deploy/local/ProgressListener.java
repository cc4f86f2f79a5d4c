package dev.rebound.deploy.local;

import dev.rebound.deploy.site.Progress;

/** Hears what {@link LocalStack} is doing, to show it to whoever waits. */
@FunctionalInterface
public interface ProgressListener {

    /** Says nothing to anybody. */
    ProgressListener SILENT = (component, message) -> {};

    /** Says it in lines that begin with the component. */
    static ProgressListener to(Progress lines) {
        return (component, message) -> lines.progress(component + ": " + message);
    }

    /**
     * @param component for example {@code kafka}
     * @param message what happens to it now, for example {@code starting}
     */
    void progress(String component, String message);
}
