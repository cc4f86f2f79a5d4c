package dev.rebound.deploy.cli.model;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rebound model retire}. */
@Command(
        name = "retire",
        mixinStandardHelpOptions = true,
        description = "Takes a version out: a canary's users go back to the live version, jobs free its memory.")
final class ModelRetire implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "A version that was released.")
    private String version;

    @Mixin
    private ReleaseOptions options;

    @Override
    public Integer call() {
        return options.issue(control -> control.retire(version));
    }
}
