package dev.rebound.deploy.local.damage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.local.Claim;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The damage to one stack that is not undone yet: a file of the stack's folder, which holds it before it is done. A command
 * that is killed leaves it to the next one.
 */
public final class DamageRecord implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "damage.json";
    private static final String CLAIM = "chaos.claim";

    private final Path file;
    private final Claim claim;
    private boolean closed;

    private DamageRecord(StackLayout layout, Claim claim) {
        this.file = file(layout);
        this.claim = claim;
    }

    /**
     * The record of a stack, for one command at a time.
     *
     * @throws CommandFailedException while another one has it
     */
    public static DamageRecord of(StackLayout layout) {
        return claimed(layout)
                .orElseThrow(() -> new CommandFailedException("Another `rebound chaos` is at this stack (it holds "
                        + layout.run().resolve(CLAIM) + "). Wait for it, or end it, then try again."));
    }

    private static Optional<DamageRecord> claimed(StackLayout layout) {
        return Claim.on(layout.run().resolve(CLAIM), "rebound chaos").map(claim -> new DamageRecord(layout, claim));
    }

    /** Undoes what a command that was killed has left, and says so; while one is at it, nothing. */
    public static void undoLeft(LocalStack stack, Progress output) {
        if (Files.exists(file(stack.layout()))) {
            claimed(stack.layout()).ifPresent(left -> {
                try (left) {
                    left.undoAll(stack, output);
                }
            });
        }
    }

    /** What there is to undo, for people; empty also while the command that did it is at it. */
    public static List<String> left(StackLayout layout) {
        return Files.exists(file(layout))
                ? claimed(layout)
                        .map(left -> {
                            try (left) {
                                return left.read().stream().map(Damage::text).toList();
                            }
                        })
                        .orElse(List.of())
                : List.of();
    }

    /**
     * Notes what is done next.
     *
     * @throws CommandFailedException once the record is closed: nobody would undo it
     */
    public synchronized void add(List<Damage> damages) {
        if (closed) {
            throw new CommandFailedException("Nothing is damaged any more: the command ends");
        }
        List<Damage> all = new ArrayList<>(read());
        damages.stream().filter(damage -> !all.contains(damage)).forEach(all::add);
        write(all);
    }

    /** Undoes all but one damage. */
    public synchronized void undoAllBut(Damage kept, LocalStack stack) {
        undo(read().stream().filter(damage -> !damage.equals(kept)).toList(), stack);
    }

    /** Undoes all of it, and says so. */
    public synchronized void undoAll(LocalStack stack, Progress output) {
        List<Damage> all = read();
        all.forEach(damage -> output.progress("undoing: " + damage.text()));
        undo(all, stack);
    }

    /** One that can't be undone does not keep the others from it, and stays in the record. */
    private void undo(List<Damage> damages, LocalStack stack) {
        List<Damage> left = new ArrayList<>(read());
        List<String> failures = new ArrayList<>();
        for (Damage damage :
                damages.stream().sorted(Comparator.comparing(Damage::kind)).toList()) {
            try {
                damage.kind().undo(stack, damage.to());
                left.remove(damage);
            } catch (RuntimeException e) {
                failures.add(damage.text() + " (" + e.getMessage() + ")");
            }
        }
        write(left);
        if (!failures.isEmpty()) {
            throw new CommandFailedException("What a fault did is not undone: " + String.join("; ", failures)
                    + ". `rebound stack up` tries again.");
        }
    }

    private List<Damage> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return JSON.readValue(Files.readAllBytes(file), new TypeReference<>() {});
        } catch (IOException e) {
            throw new CommandFailedException(
                    file + ", which says what a fault did to the stack, can't be read: " + e.getMessage()
                            + ". Undo it by hand, delete the file, and try again.",
                    e);
        }
    }

    private void write(List<Damage> all) {
        try {
            if (all.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            Path temporary = file.resolveSibling(FILE + ".tmp");
            Files.write(temporary, JSON.writeValueAsBytes(all));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file, e);
        }
    }

    private static Path file(StackLayout layout) {
        return layout.run().resolve(FILE);
    }

    @Override
    public synchronized void close() {
        closed = true;
        claim.close();
    }
}
