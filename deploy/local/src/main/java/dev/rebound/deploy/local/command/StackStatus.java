package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.ComponentStatus;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.Starter;
import dev.rebound.deploy.local.damage.DamageRecord;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.deploy.terminal.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound stack status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows each component; exits with 1 unless all are well.")
final class StackStatus implements Callable<Integer> {
    @Mixin
    private ChosenStack chosen;

    @Mixin
    private CommandOutput output;

    private record Component(
            String name,
            @Nullable Long pid,
            boolean well,
            @Nullable String problem) {

        static Component of(ComponentStatus status) {
            Long pid = status.pid().isPresent() ? status.pid().getAsLong() : null;
            return new Component(
                    status.name(), pid, status.isWell(), status.problem().orElse(null));
        }

        List<String> row() {
            return List.of(name, pid == null ? "-" : pid.toString(), problem == null ? "well" : problem);
        }
    }

    /** @param damage what a fault did and nobody has undone */
    private record Status(boolean well, List<Component> components, List<String> damage) {}

    @Override
    public Integer call() {
        LocalStack stack = chosen.stack();
        // First, since asking a frozen process how it is takes its time.
        List<String> damage = DamageRecord.left(stack.layout());
        damage.forEach(each -> output.progress("NOT UNDONE, what a fault did: " + each + "; `rebound stack up` does"));
        if (stack.isUp()) {
            Starter.warning(stack.layout()).ifPresent(output::progress);
        }
        List<Component> components = stack.status().stream().map(Component::of).toList();
        Status status =
                new Status(damage.isEmpty() && components.stream().allMatch(Component::well), components, damage);
        output.result(status, out -> print(status, out));
        return status.well() ? 0 : 1;
    }

    private static void print(Status status, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("component", "pid", "state"));
        status.components().forEach(component -> rows.add(component.row()));
        Table.print(out, rows);
    }
}
