package dev.rebound.deploy.cli.model;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rebound model shadow}. */
@Command(
        name = "shadow",
        mixinStandardHelpOptions = true,
        description = "Has a version score the users of the live one without being shown.")
final class ModelShadow implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "A version in the registry.")
    private String version;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private ReleaseOptions options;

    @Override
    public Integer call() {
        return options.issue(control -> control.shadow(options.version(control, version, registry)));
    }
}
