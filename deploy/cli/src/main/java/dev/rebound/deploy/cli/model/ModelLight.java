package dev.rebound.deploy.cli.model;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rebound model light}. */
@Command(
        name = "light",
        mixinStandardHelpOptions = true,
        description = {
            "Has a version answer in place of the others under overload:",
            "one that is faster, such as a distilled variant."
        })
final class ModelLight implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "A version in the registry.")
    private String version;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private ReleaseOptions options;

    @Override
    public Integer call() {
        return options.issue(control -> control.light(options.version(control, version, registry)));
    }
}
