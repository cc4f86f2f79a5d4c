package dev.rebound.deploy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a TaskManager of the real stack with SIGKILL while events flow. {@code -Drebound.kills=20} does it as often.
 */
class KilledTaskManagerIT {
    @RegisterExtension
    static final RunningStack RUNNING = RunningStack.shared();

    private static KilledTaskManagerContract contract;

    static IntStream kills() {
        return IntStream.range(0, Integer.getInteger("rebound.kills", 1));
    }

    @BeforeAll
    static void trainAModel() {
        contract = new KilledTaskManagerContract(new ProcessesUnderTest(RUNNING.stack()));
    }

    @ParameterizedTest
    @MethodSource("kills")
    void nothingIsLostAndNothingIsDoubledWhenATaskManagerIsKilled(int kill) {
        contract.nothingIsLostAndNothingIsDoubled(kill);
    }
}
