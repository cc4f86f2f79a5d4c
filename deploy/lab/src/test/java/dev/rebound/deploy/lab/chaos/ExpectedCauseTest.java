package dev.rebound.deploy.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.control.health.Condition;
import dev.rebound.deploy.site.CommandFailedException;
import org.junit.jupiter.api.Test;

class ExpectedCauseTest {

    @Test
    void ofEveryFaultItIsWrittenDown() {
        assertThat(Faults.all("ranker", "1"))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(ExpectedCause.of(fault.name())).isNotNull());
        assertThatThrownBy(() -> ExpectedCause.of("flood")).isInstanceOf(CommandFailedException.class);
    }

    @Test
    void ofTwoFaultsBothAreCauses() {
        assertThat(ExpectedCause.of("namenode-kill+taskmanager-kill"))
                .containsExactlyInAnyOrder(Condition.NAMENODE_UNREACHABLE, Condition.TASKMANAGERS_MISSING);
    }

    @Test
    void poisonIsToldAndOtherInputIsNot() {
        assertThat(ExpectedCause.of("input-poison")).containsExactly(Condition.DEAD_LETTERS_RISE);
        assertThat(ExpectedCause.of("input-late")).isEmpty();
    }
}
