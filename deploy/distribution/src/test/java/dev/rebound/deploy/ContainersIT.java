package dev.rebound.deploy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kills a TaskManager's container with SIGKILL while events flow. Skipped where no Docker answers, which it says. */
class ContainersIT {
    @RegisterExtension
    static final RunningContainers CLUSTER = new RunningContainers();

    @Test
    void nothingIsLostAndNothingIsDoubledWhenATaskManagerIsKilled() {
        new KilledTaskManagerContract(CLUSTER).nothingIsLostAndNothingIsDoubled(0);
    }
}
