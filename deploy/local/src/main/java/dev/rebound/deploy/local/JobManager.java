package dev.rebound.deploy.local;

import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.JvmCommand;
import java.util.List;
import java.util.Optional;

/** One of Flink's JobManagers, as a session cluster. */
public final class JobManager implements StackComponent {

    static final String FIRST = "jobmanager";
    static final String STANDBY = "jobmanager-2";

    private final String name;
    private final int restPort;
    private final int rpcPort;
    private final FlinkConfiguration configuration;
    private final FlinkRest rest;

    private JobManager(String name, int restPort, int rpcPort, FlinkConfiguration configuration) {
        this.name = name;
        this.restPort = restPort;
        this.rpcPort = rpcPort;
        this.configuration = configuration;
        // Its own, which forwards to the leader: whether another one answers says nothing of this one.
        this.rest = new FlinkRest(List.of(LocalStack.loopback(restPort)));
    }

    static JobManager first(StackPorts ports, FlinkConfiguration configuration) {
        return new JobManager(FIRST, ports.flinkRest(), ports.jobManagerRpc(), configuration);
    }

    /** Leads when the first is gone; which one does is an accident of who came first. */
    static JobManager standby(StackPorts ports, FlinkConfiguration configuration) {
        return new JobManager(STANDBY, ports.standbyRest(), ports.standbyRpc(), configuration);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Integer> ports() {
        return List.of(restPort, rpcPort);
    }

    @Override
    public void prepare() {
        configuration.write();
    }

    @Override
    public JvmCommand command() {
        return configuration.jobManager(name(), restPort, rpcPort);
    }

    @Override
    public Optional<String> problem() {
        try {
            rest.overview();
            return Optional.empty();
        } catch (FlinkRestException e) {
            return Optional.of(e.getMessage());
        }
    }
}
