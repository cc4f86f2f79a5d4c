package dev.rebound.deploy.local;

import dev.rebound.deploy.site.JvmCommand;
import java.util.List;
import java.util.Optional;

/** One process of the stack: how it is set up, started, and when it is well. */
interface StackComponent {

    /** Names the pid file, the log and the messages. */
    String name();

    /** What must be free before the start. */
    List<Integer> ports();

    /** Writes configuration, formats storage that is new; leaves existing data alone. */
    void prepare();

    JvmCommand command();

    /** What keeps a running process from being of use, or empty when it is well. */
    Optional<String> problem();
}
