package dev.rebound.deploy.local;

import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/** Which processes make up the stack, and how they run. Kept in a file, so that a later command knows what was started. */
public enum StackShape {
    /** One of each, and two TaskManagers. A process that dies stays dead. */
    SINGLE(List.of()),

    /**
     * Two JobManagers that elect their leader by ZooKeeper, and a watchdog that starts again what died. One TaskManager
     * of the two can hold the whole job, so that its slots are spare.
     */
    HIGHLY_AVAILABLE(List.of()),

    /**
     * As {@link #SINGLE}, beside another stack on the same machine for some minutes: the optimizing compilers of a dozen young
     * JVMs would take most of its cores.
     */
    ONE_OF_TWO(List.of("-XX:TieredStopAtLevel=1"));

    private final List<String> jvmFlags;

    StackShape(List<String> jvmFlags) {
        this.jvmFlags = jvmFlags;
    }

    /** As commands show it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Of each process, beside its own. */
    List<String> jvmFlags() {
        return jvmFlags;
    }

    static StackShape of(StackLayout layout) {
        Path file = file(layout);
        try {
            return Files.exists(file) ? valueOf(Files.readString(file).strip()) : SINGLE;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file, e);
        } catch (IllegalArgumentException e) {
            throw new StackException(
                    file + " does not say which shape the stack has (" + e.getMessage()
                            + "). Delete it: the stack is then taken for one of the usual shape",
                    e);
        }
    }

    void save(StackLayout layout) {
        try {
            Files.createDirectories(layout.run());
            Path whole = Files.writeString(layout.run().resolve("shape.new"), name() + "\n");
            Files.move(whole, file(layout), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file(layout), e);
        }
    }

    private static Path file(StackLayout layout) {
        return layout.run().resolve("shape");
    }
}
