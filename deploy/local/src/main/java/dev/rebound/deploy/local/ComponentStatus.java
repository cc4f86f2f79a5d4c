package dev.rebound.deploy.local;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How one component of the stack is.
 *
 * @param pid empty when it does not run
 * @param problem what keeps it from being of use, or empty when it is well
 */
public record ComponentStatus(String name, OptionalLong pid, Optional<String> problem) {

    public boolean isWell() {
        return problem.isEmpty();
    }
}
