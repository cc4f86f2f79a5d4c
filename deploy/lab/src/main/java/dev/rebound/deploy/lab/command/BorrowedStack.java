package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.local.Claim;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.local.Starter;
import dev.rebound.deploy.local.command.ChosenStack;
import dev.rebound.deploy.local.damage.DamageRecord;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * The local stack for as long as a command needs it: taken down at the end if it was started for it, also where a signal ends
 * the command. The jobs of a command that a signal ends are ended where they would go on or come back.
 */
public final class BorrowedStack {
    @Option(names = "--free-ports", description = "Start the stack on whatever ports are free.")
    private boolean freePorts;

    @Option(names = "--keep", description = "Leave the stack, and what runs on it, running.")
    private boolean keep;

    @Mixin
    private ChosenStack chosen;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    private volatile Predicate<String> ownTopicPrefixes = prefix -> false;
    private volatile @Nullable OrderlyEnd end;
    private volatile @Nullable DamageRecord damage;

    /** Whether everything stays as the command leaves it. */
    public boolean keep() {
        return keep;
    }

    /** The signal that ends the command; empty where none did. */
    Optional<String> endedBy() {
        return Optional.ofNullable(end).flatMap(OrderlyEnd::endedBy);
    }

    /** Has the jobs of such topics ended where a signal ends the command. */
    void owns(Predicate<String> topicPrefix) {
        ownTopicPrefixes = topicPrefix.or(ownTopicPrefixes);
    }

    /** Has what this record holds undone at the end of the command. */
    void undoes(DamageRecord record) {
        damage = record;
    }

    /** Returns the exit code of what is done with the stack, which is up then. */
    public int with(CommandOutput output, ToIntFunction<LocalStack> work) {
        return with(output, stack -> stack, work);
    }

    /** @param shape makes another stack of the one that is there */
    public int with(CommandOutput output, UnaryOperator<LocalStack> shape, ToIntFunction<LocalStack> work) {
        LocalStack stack = shape.apply(freePorts ? chosen.stack().onFreePorts() : chosen.stack());
        boolean ranBefore = stack.isUp();
        if (ranBefore) {
            Starter.warning(stack.layout()).ifPresent(output::progress);
        }
        try (OrderlyEnd orderly = new OrderlyEnd(output)) {
            end = orderly;
            Optional<Claim> starter =
                    ranBefore || keep ? Optional.empty() : Starter.claim(stack.layout(), command.qualifiedName());
            int code = 1;
            try {
                code = orderly.run(() -> {
                    DamageRecord.undoLeft(stack, output);
                    stack.up(ProgressListener.to(output));
                    return work.applyAsInt(stack);
                });
            } finally {
                undo(stack, ranBefore, output);
                starter.ifPresent(Claim::close);
            }
            return orderly.exitCode(code);
        }
    }

    /** First what the stack's servers are needed for. */
    private void undo(LocalStack stack, boolean ranBefore, CommandOutput output) {
        try (DamageRecord record = damage) {
            if (record != null) {
                record.undoAll(stack, output);
            }
            // Those of a highly available stack come back when it is started again.
            boolean jobsGoOn = ranBefore || stack.isHighlyAvailable();
            if (endedBy().isPresent() && jobsGoOn && !keep) {
                OwnJobs.end(stack, ownTopicPrefixes, output);
            }
        } finally {
            if (!keep && !ranBefore) {
                stack.down(ProgressListener.to(output));
            }
        }
    }
}
