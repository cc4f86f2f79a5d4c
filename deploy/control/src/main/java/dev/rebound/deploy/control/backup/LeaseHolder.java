package dev.rebound.deploy.control.backup;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process that holds a lease. Whoever looks at the lease from the same machine sees at once whether it still lives, and
 * needs not wait for the end of the lease.
 *
 * @param machine the host, and which of its process tables where it has several, as with containers; null if that is unknown
 * @param startedAt another process may have got the id since; null if the system does not tell
 */
public record LeaseHolder(
        @Nullable String machine, long pid, @Nullable Instant startedAt) {
    private static final Path PROCESS_TABLE = Path.of("/proc/self/ns/pid");

    public static LeaseHolder ofThisProcess() {
        ProcessHandle process = ProcessHandle.current();
        return new LeaseHolder(
                thisMachine(), process.pid(), process.info().startInstant().orElse(null));
    }

    /** Whether it is known to have ended. */
    @JsonIgnore
    public boolean isGone() {
        if (machine == null || !machine.equals(thisMachine())) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        return process.isEmpty()
                || (startedAt != null
                        && process.get()
                                .info()
                                .startInstant()
                                .filter(at -> !at.equals(startedAt))
                                .isPresent());
    }

    private static @Nullable String thisMachine() {
        try {
            return InetAddress.getLocalHost().getHostName() + "/" + Files.readSymbolicLink(PROCESS_TABLE);
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }
}
