package dev.rebound.deploy.cli.model;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rebound model promote}. */
@Command(name = "promote", mixinStandardHelpOptions = true, description = "Makes a version live: it answers everybody.")
final class ModelPromote implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "A version in the registry.")
    private String version;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private ReleaseOptions options;

    @Override
    public Integer call() {
        return options.issue(control -> control.promote(options.version(control, version, registry)));
    }
}
