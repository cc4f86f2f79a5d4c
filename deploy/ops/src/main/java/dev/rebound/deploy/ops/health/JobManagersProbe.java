package dev.rebound.deploy.ops.health;

import dev.rebound.deploy.local.FlinkRest;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Asks each JobManager whether it is there, whichever leads. */
final class JobManagersProbe implements Callable<Observation.JobManagers> {
    private final FlinkRest flink;
    private final Duration patience;

    /** @param patience with each */
    JobManagersProbe(FlinkRest flink, Duration patience) {
        this.flink = flink;
        this.patience = patience;
    }

    @Override
    public Observation.JobManagers call() {
        return new Observation.JobManagers(
                flink.silent(patience).stream().map(URI::getAuthority).toList(),
                flink.addresses().size());
    }
}
