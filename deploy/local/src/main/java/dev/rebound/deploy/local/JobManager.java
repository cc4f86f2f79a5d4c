package dev.rebound.deploy.local;

import java.util.List;
import java.util.Optional;

/** Flink's JobManager, as a session cluster. */
final class JobManager implements StackComponent {

    private final StackPorts ports;
    private final FlinkConfiguration configuration;
    private final FlinkRest rest;

    JobManager(StackPorts ports, FlinkConfiguration configuration, FlinkRest rest) {
        this.ports = ports;
        this.configuration = configuration;
        this.rest = rest;
    }

    @Override
    public String name() {
        return "jobmanager";
    }

    @Override
    public List<Integer> ports() {
        return List.of(ports.flinkRest(), ports.jobManagerRpc());
    }

    @Override
    public void prepare() {
        configuration.write();
    }

    @Override
    public JvmCommand command() {
        return configuration.jobManager(name());
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
