package dev.rebound.deploy.control.health;

import dev.rebound.deploy.site.FlinkRest;
import java.net.URI;
import java.util.concurrent.Callable;

/** Asks each JobManager whether it is there, whichever leads. */
final class JobManagersProbe implements Callable<Observation.JobManagers> {
    private final FlinkRest flink;

    JobManagersProbe(FlinkRest flink) {
        this.flink = flink;
    }

    @Override
    public Observation.JobManagers call() {
        return new Observation.JobManagers(
                flink.silent().stream().map(URI::getAuthority).toList(),
                flink.addresses().size());
    }
}
