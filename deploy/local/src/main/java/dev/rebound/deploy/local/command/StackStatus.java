package dev.rebound.deploy.ops.stack;

import dev.rebound.deploy.local.ComponentStatus;
import dev.rebound.deploy.ops.console.ClusterOptions;
import dev.rebound.deploy.ops.console.CommandOutput;
import dev.rebound.deploy.ops.console.Table;
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

    private record Status(boolean well, List<Component> components) {}

    @Override
    public Integer call() {
        List<Component> components =
                ClusterOptions.localStack().status().stream().map(Component::of).toList();
        Status status = new Status(components.stream().allMatch(Component::well), components);
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
